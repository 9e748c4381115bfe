package org.pgark.repository.key;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.frame.NewerFormatException;
import org.pgark.repository.json.JsonObject;
import org.pgark.repository.json.JsonText;
import org.pgark.repository.seal.AeadCipher;
import org.pgark.repository.seal.Hkdf;
import org.pgark.storage.ObjectName;

/**
 * One revision of a key ring as it is stored: a line of JSON. What stands before {@code ring} is public and authenticated
 * with it.
 *
 * @param revision its number, from 1
 * @param created when it was written
 * @param recipients for whom the ring key is wrapped
 */
record KeyRingObject(
        long revision, Instant created, List<Recipient> recipients, String salt, String associated, String sealed) {
    private static final int FORMAT = 1;
    private static final String PURPOSE = "pgark key ring 1";
    private static final String RING = ",\"ring\":\"";
    private static final String CHECKSUM = "\",\"crc32c\":\"";
    private static final int SALT_LENGTH = 32;

    /** The bytes of a new revision. */
    static byte[] encode(
            long revision,
            Instant created,
            String repositoryId,
            List<Recipient> recipients,
            KeyRing ring,
            byte[] ringKey,
            RandomGenerator random) {
        byte[] saltBytes = new byte[SALT_LENGTH];
        random.nextBytes(saltBytes);
        String salt = HexFormat.of().formatHex(saltBytes);
        byte[] text = JsonText.object(json -> {
            json.writeNumberProperty("format", FORMAT);
            json.writeStringProperty("repository_id", repositoryId);
            json.writeNumberProperty("revision", revision);
            json.writeStringProperty("created", created.toString());
            json.writeArrayPropertyStart("recipients");
            for (Recipient recipient : recipients) {
                json.writeStartObject();
                json.writeStringProperty("name", recipient.name());
                json.writeStringProperty("kind", recipient.kind().word());
                json.writeObjectPropertyStart("details");
                recipient.details().forEach(json::writeStringProperty);
                json.writeEndObject();
                json.writeStringProperty("wrapped", HexFormat.of().formatHex(recipient.wrapped()));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeStringProperty("salt", salt);
        });
        String associated = new String(text, 0, text.length - 1, StandardCharsets.UTF_8);
        byte[] sealed = AeadCipher.sealOnce(
                ringSealKey(ringKey, saltBytes), ring.encode(), associated.getBytes(StandardCharsets.UTF_8));
        String body = associated + RING + HexFormat.of().formatHex(sealed);
        return (body + CHECKSUM + checksum(body) + "\"}\n").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] ringSealKey(byte[] ringKey, byte[] salt) {
        return Hkdf.derive(ringKey, salt, PURPOSE, ringKey.length);
    }

    private static String checksum(String body) {
        CRC32C checksum = new CRC32C();
        checksum.update(body.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) checksum.getValue());
    }

    /** Reads the bytes of a revision; its ring stays sealed. */
    static KeyRingObject decode(ObjectName name, byte[] bytes, String repositoryId)
            throws DamagedObjectException, NewerFormatException {
        try {
            String line = new String(bytes, StandardCharsets.UTF_8);
            int end = line.lastIndexOf(CHECKSUM);
            int ring = line.lastIndexOf(RING, end);
            if (ring < 0 || !line.substring(end).equals(CHECKSUM + checksum(line.substring(0, end)) + "\"}\n")) {
                throw new MalformedBytesException("it does not match its checksum");
            }
            JsonObject json = JsonObject.parse(bytes);
            if (json.number("format") != FORMAT) {
                throw new NewerFormatException(name, "key ring format " + json.number("format"));
            }
            if (!json.text("repository_id").equals(repositoryId)) {
                throw new MalformedBytesException("it is of repository " + json.text("repository_id"));
            }
            List<Recipient> recipients = new ArrayList<>();
            for (JsonObject recipient : json.objects("recipients")) {
                recipients.add(recipient(name, recipient));
            }
            return new KeyRingObject(
                    json.number("revision"),
                    json.time("created"),
                    List.copyOf(recipients),
                    json.text("salt"),
                    line.substring(0, ring),
                    json.text("ring"));
        } catch (MalformedBytesException | IllegalArgumentException e) {
            throw new DamagedObjectException(name, String.valueOf(e.getMessage()));
        }
    }

    private static Recipient recipient(ObjectName name, JsonObject json)
            throws MalformedBytesException, NewerFormatException {
        Optional<RecipientKind> kind = RecipientKind.ofWord(json.text("kind"));
        if (kind.isEmpty()) {
            throw new NewerFormatException(name, "recipient of kind \"" + json.text("kind") + "\"");
        }
        return new Recipient(
                json.text("name"),
                kind.get(),
                json.texts("details"),
                HexFormat.of().parseHex(json.text("wrapped")));
    }

    /** The ring; empty if the key is not the one that it is sealed with, or if anything was changed. */
    Optional<KeyRing> open(ObjectName name, byte[] ringKey) throws DamagedObjectException {
        try {
            Optional<byte[]> opened = AeadCipher.openOnce(
                    ringSealKey(ringKey, HexFormat.of().parseHex(salt)),
                    HexFormat.of().parseHex(sealed),
                    associated.getBytes(StandardCharsets.UTF_8));
            return opened.isEmpty() ? Optional.empty() : Optional.of(KeyRing.decode(opened.get()));
        } catch (MalformedBytesException | IllegalArgumentException e) {
            throw new DamagedObjectException(name, String.valueOf(e.getMessage()));
        }
    }
}
