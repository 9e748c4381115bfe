package org.pgark.repository.writer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectExistsException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectWriter;

/**
 * Whether a place holds a copy of a repository, to which only the next copy adds. Objects {@code copies/<n>} say so, by the
 * greatest number that there is: an odd one that the place is a copy, an even one that it has been given to a server since
 * and is a repository like any other. Each holds the time when it was made. Most repositories have none.
 */
public final class CopyMark {
    private static final ObjectName FOLDER = new ObjectName("copies");

    private static final int LONGEST = 64;

    private final ObjectStore store;
    private final InstantSource clock;
    private volatile boolean written;

    /** By the clock of this host. */
    public CopyMark(ObjectStore store) {
        this(store, InstantSource.system());
    }

    /** Nothing is asked yet. */
    public CopyMark(ObjectStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Whether what reads here must add nothing, so that copying can go on. */
    public boolean isCopy() throws IOException {
        return !written && isOdd(last());
    }

    /**
     * From now on the place is a copy.
     *
     * @param again also if it was given to a server since it was one
     * @return false if it was, and stays what it is
     */
    public boolean set(boolean again) throws IOException {
        int last = last();
        if (last > 0 && !isOdd(last) && !again) {
            return false;
        }
        while (!isOdd(last)) {
            make(last + 1);
            last = last();
        }
        return true;
    }

    /** Called before anything is added by others than who copies: from then on the place is a copy no more. */
    public void promote() throws IOException {
        if (written) {
            return;
        }
        for (int last = last(); isOdd(last); last = last()) {
            make(last + 1);
        }
        written = true;
    }

    /** When a copy became a repository like any other; empty where that never was. */
    public Optional<Instant> promoted() throws IOException {
        int last = last();
        if (last == 0 || isOdd(last)) {
            return Optional.empty();
        }
        ObjectName name = name(last);
        byte[] text =
                store.readWhole(name, LONGEST).orElseThrow(() -> new NoSuchObjectException(name, store.description()));
        return Optional.of(time(new String(text, StandardCharsets.US_ASCII), name));
    }

    private static Instant time(String text, ObjectName name) throws DamagedObjectException {
        try {
            return Instant.parse(text.strip());
        } catch (DateTimeParseException e) {
            throw new DamagedObjectException(name, "it holds no time");
        }
    }

    private static boolean isOdd(int number) {
        return number % 2 == 1;
    }

    private int last() throws IOException {
        int last = 0;
        while (store.size(name(last + 1)).isPresent()) {
            last++;
        }
        return last;
    }

    private static ObjectName name(int number) {
        return FOLDER.child(String.format(Locale.ROOT, "%016d", number));
    }

    private void make(int number) throws IOException {
        try (ObjectWriter writer = store.create(name(number))) {
            writer.write(ByteBuffer.wrap((clock.instant() + "\n").getBytes(StandardCharsets.US_ASCII)));
            writer.commit();
        } catch (ObjectExistsException e) {
            store.settle(name(number));
        }
    }
}
