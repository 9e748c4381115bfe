package org.pgark.repository;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.pgark.repository.content.ContentHashing;
import org.pgark.repository.content.ContentKey;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.frame.NewerFormatException;
import org.pgark.repository.json.JsonObject;
import org.pgark.repository.json.JsonText;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.OversizedObjectException;

/**
 * The object {@code repository}, by which a place is known to be one: a line of JSON whose last property is the CRC-32C
 * of what stands before that property.
 */
final class RepositoryObject {
    static final ObjectName NAME = new ObjectName("repository");

    private static final int FORMAT = 1;
    /** The same with one writer only, of which who knows only the first must not write. */
    private static final int SINGLE_WRITER_FORMAT = 2;

    private static final String SINGLE = "single";
    private static final String PLAIN = "none";
    private static final String SEALED = "aes-256-gcm";
    private static final int LARGEST = 1 << 20;
    private static final String CHECKSUM = ",\"crc32c\":\"";

    private RepositoryObject() {}

    /**
     * Which repository it is.
     *
     * @param id its id
     * @param contentKey with which its content is hashed; empty if it is encrypted, since then it is among the keys
     * @param hashing how its content is hashed
     * @param singleWriter whether it can only have one writer, since its place replaces objects whose names are taken
     */
    record Identity(RepositoryId id, Optional<ContentKey> contentKey, ContentHashing hashing, boolean singleWriter) {
        boolean isEncrypted() {
            return contentKey.isEmpty();
        }
    }

    /** Makes a place a repository. */
    static void write(ObjectStore store, Identity identity, Instant created) throws IOException {
        byte[] text = JsonText.object(json -> {
            json.writeNumberProperty("format", identity.singleWriter() ? SINGLE_WRITER_FORMAT : FORMAT);
            json.writeStringProperty("repository_id", identity.id().value());
            json.writeStringProperty("created", created.toString());
            json.writeStringProperty("encryption", identity.isEncrypted() ? SEALED : PLAIN);
            if (identity.singleWriter()) {
                json.writeStringProperty("writers", SINGLE);
            }
            json.writeStringProperty("content_hash", identity.hashing().text());
            identity.contentKey().ifPresent(key -> json.writeStringProperty("content_key", key.text()));
        });
        String body = new String(text, 0, text.length - 1, StandardCharsets.UTF_8);
        String line = body + CHECKSUM + checksum(body) + "\"}\n";
        try (ObjectWriter writer = store.create(NAME)) {
            writer.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            writer.commit();
        }
    }

    private static String checksum(String body) {
        CRC32C checksum = new CRC32C();
        checksum.update(body.getBytes(StandardCharsets.ISO_8859_1));
        return HexFormat.of().toHexDigits((int) checksum.getValue());
    }

    /** Reads whose repository a place is. */
    static Identity read(ObjectStore store) throws IOException {
        try {
            return parse(store.readWhole(NAME, LARGEST)
                    .orElseThrow(() -> new NoRepositoryException(
                            store.description() + " is no pgark repository: it has no object \"" + NAME + "\"")));
        } catch (OversizedObjectException e) {
            throw new DamagedObjectException(NAME, "it has " + e.size() + " bytes");
        } catch (EOFException e) {
            throw new DamagedObjectException(NAME, "it became shorter while it was read");
        } catch (MalformedBytesException | IllegalArgumentException e) {
            throw new DamagedObjectException(NAME, String.valueOf(e.getMessage()));
        }
    }

    private static Identity parse(byte[] bytes) throws IOException {
        String line = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = line.lastIndexOf(CHECKSUM);
        if (end < 0 || !line.substring(end).equals(CHECKSUM + checksum(line.substring(0, end)) + "\"}\n")) {
            throw new MalformedBytesException("it does not match its checksum");
        }
        JsonObject json = JsonObject.parse(bytes);
        long format = json.number("format");
        if (format != FORMAT && format != SINGLE_WRITER_FORMAT) {
            throw new NewerFormatException(NAME, "repository format " + format);
        }
        String writers = json.optionalText("writers").orElse("");
        if (!writers.equals(format == SINGLE_WRITER_FORMAT ? SINGLE : "")) {
            throw new NewerFormatException(NAME, "writers \"" + writers + "\"");
        }
        boolean single = format == SINGLE_WRITER_FORMAT;
        String encryption = json.text("encryption");
        if (!encryption.equals(PLAIN) && !encryption.equals(SEALED)) {
            throw new NewerFormatException(NAME, "encryption \"" + encryption + "\"");
        }
        RepositoryId id = new RepositoryId(json.text("repository_id"));
        return new Identity(
                id,
                encryption.equals(SEALED) ? Optional.empty() : Optional.of(new ContentKey(json.text("content_key"))),
                hashing(json.optionalText("content_hash")),
                single);
    }

    /** Repositories that do not say it are older than that there was a choice. */
    private static ContentHashing hashing(Optional<String> said) throws IOException {
        if (said.isEmpty()) {
            return ContentHashing.HMAC;
        }
        return ContentHashing.of(said.get())
                .orElseThrow(() -> new NewerFormatException(NAME, "content hash \"" + said.get() + "\""));
    }
}
