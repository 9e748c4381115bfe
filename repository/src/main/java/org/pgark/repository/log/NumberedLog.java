package org.pgark.repository.log;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FrameRole;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.json.JsonText;
import org.pgark.repository.writer.CopyMark;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;

/**
 * A log of numbered entries. An entry is created under the number after the last one, which only one writer can; it
 * carries the hash of the one before. Every 32nd carries the state after it too, so that reading begins there.
 *
 * <p>The head is found by a listing, and then by asking for the entries that follow, so that a listing that is behind
 * does no harm. For several threads.
 *
 * @param <S> what the log amounts to
 */
public final class NumberedLog<S> {
    /** Each entry whose number is a multiple of this carries the state after it. */
    static final int STATE_INTERVAL = 32;

    private final LogObjects objects;
    private final LogRules<S> rules;
    private final InstantSource clock;
    private final LogMemory memory;
    private final CopyMark copy;
    private @Nullable LogHead<S> known;

    /**
     * A log in a folder of its own.
     *
     * @param memory which entry of it was seen last
     */
    public NumberedLog(
            FramedObjects framed,
            ObjectName folder,
            LogRules<S> rules,
            InstantSource clock,
            RandomGenerator random,
            LogMemory memory) {
        this.objects = new LogObjects(framed, folder, random);
        this.clock = clock;
        this.rules = rules;
        this.memory = memory;
        this.copy = new CopyMark(framed.store(), clock);
    }

    /**
     * Reads what was added since the last time, and says where the log ends now.
     *
     * @throws RolledBackLogException if the log lacks an entry that was seen before
     */
    public synchronized LogHead<S> head() throws IOException {
        LogHead<S> head = known;
        // Asked before the log is read, since another process may see more of it meanwhile.
        Optional<SeenEntry> seen = head == null ? memory.recall() : Optional.empty();
        long before = head == null ? 0 : head.number();
        if (head == null) {
            long listed = objects.greatestListed();
            try (EntriesAhead ahead = objects.readAhead(Math.max(1, stateBefore(listed)), listed)) {
                head = startingPoint(listed, ahead);
                while (head.number() < listed) {
                    head = follow(head, listed, ahead);
                }
            }
        }
        while (objects.exists(head.number() + 1)) {
            head = follow(head, head.number() + 1);
        }
        if (seen.isPresent()) {
            checkStillThere(seen.get(), head);
            before = seen.get().number();
        }
        if (head.number() > before) {
            memory.remember(new SeenEntry(head.number(), head.sha256()));
        }
        known = head;
        return head;
    }

    private void checkStillThere(SeenEntry seen, LogHead<S> head) throws IOException {
        if (seen.number() > head.number()) {
            throw RolledBackLogException.shorter(objects.name(seen.number()), head.number(), memory);
        }
        String sha256 = seen.number() == head.number()
                ? head.sha256()
                : readEntry(seen.number(), head.number()).sha256();
        if (!sha256.equals(seen.sha256())) {
            throw RolledBackLogException.changed(objects.name(seen.number()), memory);
        }
    }

    /** The last entry up to one that carries the state; 0 if there is none. */
    private static long stateBefore(long number) {
        return number - number % STATE_INTERVAL;
    }

    private LogHead<S> startingPoint(long listed, EntriesAhead ahead) throws IOException {
        long number = stateBefore(listed);
        if (number == 0) {
            return new LogHead<>(0, LogHead.NOTHING, rules.initial());
        }
        LogObjects.Read read = readEntry(number, listed, ahead);
        return new LogHead<>(number, read.sha256(), state(read));
    }

    private S state(LogObjects.Read read) throws IOException {
        try {
            return rules.read(read.state());
        } catch (MalformedBytesException e) {
            throw new DamagedObjectException(read.entry().name(), String.valueOf(e.getMessage()));
        }
    }

    private LogObjects.Read readEntry(long number, long seen) throws IOException {
        return readEntry(number, seen, EntriesAhead.NONE);
    }

    private LogObjects.Read readEntry(long number, long seen, EntriesAhead ahead) throws IOException {
        try {
            return objects.read(number, ahead);
        } catch (NoSuchObjectException e) {
            throw new DamagedObjectException(
                    objects.name(number), "it is missing, though there is entry " + seen + " of the log");
        }
    }

    private LogHead<S> follow(LogHead<S> head, long seen) throws IOException {
        return follow(head, seen, EntriesAhead.NONE);
    }

    private LogHead<S> follow(LogHead<S> head, long seen, EntriesAhead ahead) throws IOException {
        LogObjects.Read read = readEntry(head.number() + 1, seen, ahead);
        if (!read.previous().equals(head.sha256())) {
            throw new DamagedObjectException(
                    read.entry().name(), "it does not follow entry " + head.number() + " of the log");
        }
        try {
            return new LogHead<>(read.entry().number(), read.sha256(), rules.apply(head.state(), read.entry()));
        } catch (MalformedBytesException e) {
            throw new DamagedObjectException(read.entry().name(), String.valueOf(e.getMessage()));
        }
    }

    /**
     * Adds an entry, or nothing if {@code decision} says so. When this returns, the entry is durable.
     *
     * @return the end of the log, the new entry included
     */
    public synchronized LogHead<S> append(LogDecision<S> decision) throws IOException {
        while (true) {
            LogHead<S> head = head();
            Optional<NewEntry> entry = decision.decide(head.state());
            if (entry.isEmpty() || write(head, entry.get())) {
                return head();
            }
        }
    }

    private boolean write(LogHead<S> head, NewEntry entry) throws IOException {
        copy.promote();
        long number = head.number() + 1;
        Instant time = clock.instant();
        byte[] state =
                number % STATE_INTERVAL == 0 ? stateAfter(head, objects.preview(number, entry, time)) : new byte[0];
        return objects.write(number, head.sha256(), entry, time, state);
    }

    private byte[] stateAfter(LogHead<S> head, LogEntry entry) throws IOException {
        S state = rules.apply(head.state(), entry);
        return JsonText.object(json -> rules.write(state, json));
    }

    /** Whether only who copies adds to this log. */
    public boolean isCopy() throws IOException {
        return copy.isCopy();
    }

    /** When the place of this log ceased to be a copy; empty if it never was one. */
    public Optional<Instant> promoted() throws IOException {
        return copy.promoted();
    }

    /** The object that holds an entry. */
    public ObjectName name(long number) {
        return objects.name(number);
    }

    /** What an entry says about packs, encoded as it was given. */
    public byte[] packList(long number) throws IOException {
        return objects.read(number).object().readAll(FrameRole.PACK_LIST);
    }

    /** Reads all entries from the first and checks that each follows the one before and carries the right state. */
    public void checkAll() throws IOException {
        long last = head().number();
        LogHead<S> head = new LogHead<>(0, LogHead.NOTHING, rules.initial());
        while (head.number() < last) {
            head = follow(head, last);
            if (head.number() % STATE_INTERVAL == 0
                    && !state(readEntry(head.number(), last)).equals(head.state())) {
                throw new DamagedObjectException(
                        objects.name(head.number()), "its state is not what the entries before it amount to");
            }
        }
    }
}
