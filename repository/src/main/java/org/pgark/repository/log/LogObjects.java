package org.pgark.repository.log;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FrameCompressor;
import org.pgark.repository.frame.FrameDecoder;
import org.pgark.repository.frame.FrameRole;
import org.pgark.repository.frame.FramedObjectReader;
import org.pgark.repository.frame.FramedObjectWriter;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.frame.ObjectKind;
import org.pgark.repository.json.JsonObject;
import org.pgark.repository.json.JsonText;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectExistsException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.OversizedObjectException;
import org.pgark.storage.StoredObject;
import tools.jackson.core.JsonGenerator;

/** The objects of a log: one for each entry, named by its number in sixteen digits. For several threads. */
final class LogObjects {
    private static final int LARGEST = 1 << 30;
    private static final int DIGITS = 16;

    private final FramedObjects objects;
    private final ObjectName folder;
    private final RandomGenerator random;

    LogObjects(FramedObjects objects, ObjectName folder, RandomGenerator random) {
        this.objects = objects;
        this.folder = folder;
        this.random = random;
    }

    ObjectName name(long number) {
        String digits = Long.toString(number);
        return folder.child("0".repeat(DIGITS - digits.length()) + digits);
    }

    /** The greatest number that a listing shows; others may exist that it does not show. */
    long greatestListed() throws IOException {
        long greatest = 0;
        for (StoredObject object : objects.store().list(folder)) {
            String number = object.name().lastPart();
            if (number.matches("[0-9]{16}")) {
                greatest = Math.max(greatest, Long.parseLong(number));
            }
        }
        return greatest;
    }

    boolean exists(long number) throws IOException {
        return objects.store().size(name(number)).isPresent();
    }

    /** An entry as it was read, with what stands beside its text. */
    record Read(LogEntry entry, String previous, String sha256, FramedObjectReader object) {
        JsonObject state() throws IOException {
            byte[] state = object.readAll(FrameRole.STATE);
            if (state.length == 0) {
                throw new DamagedObjectException(entry.name(), "it has no state");
            }
            try {
                return JsonObject.parse(state);
            } catch (MalformedBytesException e) {
                throw new DamagedObjectException(entry.name(), String.valueOf(e.getMessage()));
            }
        }
    }

    /**
     * Reads an entry.
     *
     * @throws NoSuchObjectException if there is none of this number
     */
    Read read(long number) throws IOException {
        return read(number, EntriesAhead.NONE);
    }

    /** Likewise, of what was read ahead. */
    Read read(long number, EntriesAhead ahead) throws IOException {
        ObjectName name = name(number);
        Optional<byte[]> known = ahead.find(name);
        byte[] bytes = known.isPresent() ? known.get() : bytes(name);
        // Entries are never compressed, so that the decoder holds nothing that would have to be closed.
        FramedObjectReader object = FramedObjectReader.of(objects, bytes, name, ObjectKind.LOG, new FrameDecoder());
        object.checkHeader();
        try {
            JsonObject text = JsonObject.parse(object.readAll(FrameRole.ENTRY));
            if (text.number("number") != number) {
                throw new DamagedObjectException(name, "it is entry " + text.number("number"));
            }
            LogEntry entry = new LogEntry(name, number, text.text("kind"), text.time("time"), text.object("body"));
            return new Read(entry, text.text("previous"), sha256(bytes), object);
        } catch (MalformedBytesException e) {
            throw new DamagedObjectException(name, String.valueOf(e.getMessage()));
        }
    }

    private byte[] bytes(ObjectName name) throws IOException {
        try {
            return objects.store()
                    .readWhole(name, LARGEST)
                    .orElseThrow(() ->
                            new NoSuchObjectException(name, objects.store().description()));
        } catch (OversizedObjectException e) {
            throw new DamagedObjectException(name, "it has " + e.size() + " bytes");
        }
    }

    /** Begins to read entries that will be asked for soon. */
    EntriesAhead readAhead(long first, long last) {
        if (!objects.store().isDistant() || last <= first) {
            return EntriesAhead.NONE;
        }
        return EntriesAhead.of(
                objects.store(),
                LongStream.rangeClosed(first, last).mapToObj(this::name).toList());
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing in this Java", e);
        }
    }

    /** An entry as it will be read back. */
    LogEntry preview(long number, NewEntry entry, Instant time) throws MalformedBytesException {
        JsonObject body = JsonObject.parse(JsonText.object(entry.body()));
        return new LogEntry(name(number), number, entry.kind(), time, body);
    }

    /**
     * Writes an entry.
     *
     * @param state the state after the entry; empty if it is not to carry it
     * @return whether it is there now; false if another writer's is
     */
    boolean write(long number, String previous, NewEntry entry, Instant time, byte[] state) throws IOException {
        ObjectId id = ObjectId.random(random);
        Consumer<JsonGenerator> text = json -> {
            json.writeNumberProperty("number", number);
            json.writeStringProperty("previous", previous);
            json.writeStringProperty("kind", entry.kind());
            json.writeStringProperty("time", time.toString());
            json.writeObjectPropertyStart("body");
            entry.body().accept(json);
            json.writeEndObject();
        };
        try (FrameCompressor compressor = new FrameCompressor(Compression.NONE);
                FramedObjectWriter object =
                        new FramedObjectWriter(objects, name(number), ObjectKind.LOG, id, compressor)) {
            object.appendAll(JsonText.object(text), FrameRole.ENTRY);
            object.appendAll(state, FrameRole.STATE);
            object.appendAll(entry.packList(), FrameRole.PACK_LIST);
            object.finish();
            object.commit();
            return true;
        } catch (ObjectExistsException e) {
            // A store may repeat a request whose answer was lost, and then finds what it wrote itself.
            return read(number).object().id().equals(id);
        }
    }
}
