package org.pgark.repository.writer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.StoredObject;

/**
 * The objects that say who the writer of a repository is: {@code writers/<n>}, in 16 digits, each the word of one writer and a
 * line feed. The greatest number counts.
 */
final class WriterObjects {
    private static final ObjectName FOLDER = new ObjectName("writers");
    private static final int WORD_DIGITS = 32;

    private final ObjectStore store;
    private long number;
    private String word = "";

    WriterObjects(ObjectStore store) {
        this.store = store;
    }

    private static ObjectName name(long number) {
        String digits = Long.toString(number);
        return FOLDER.child("0".repeat(16 - digits.length()) + digits);
    }

    /** The word of whoever is the writer now; empty if nobody is. A listing that is behind does no harm. */
    synchronized Optional<String> newest() throws IOException {
        if (number == 0) {
            for (StoredObject object : store.list(FOLDER)) {
                if (object.name().lastPart().matches("[0-9]{16}")) {
                    number = Math.max(number, Long.parseLong(object.name().lastPart()));
                }
            }
            if (number > 0) {
                word = read(number);
            }
        }
        while (store.size(name(number + 1)).isPresent()) {
            word = read(number + 1);
            number++;
        }
        return word.isEmpty() ? Optional.empty() : Optional.of(word);
    }

    private String read(long at) throws IOException {
        OptionalLong size = store.size(name(at));
        if (size.orElse(0) != WORD_DIGITS + 1) {
            throw new DamagedObjectException(name(at), "it does not have " + (WORD_DIGITS + 1) + " bytes");
        }
        byte[] content = new byte[WORD_DIGITS];
        store.read(name(at), 0, ByteBuffer.wrap(content));
        return new String(content, StandardCharsets.US_ASCII);
    }

    /** Says that somebody is the writer from now on. */
    synchronized void add(String fresh) throws IOException {
        newest();
        try (ObjectWriter writer = store.create(name(number + 1))) {
            writer.write(ByteBuffer.wrap((fresh + "\n").getBytes(StandardCharsets.US_ASCII)));
            writer.commit();
        }
        if (!newest().equals(Optional.of(fresh))) {
            throw new OtherWriterException("somebody else became the writer of the repository in " + store.description()
                    + " at the same time");
        }
    }
}
