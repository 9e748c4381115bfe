package org.pgark.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.wal.Answer;
import org.pgark.physical.wal.BacklogLimit;
import org.pgark.physical.wal.ReleasedWal;
import org.pgark.physical.wal.Spool;
import org.pgark.physical.wal.WaitingWal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches how much WAL waits to be archived, sees to it that the server's log says so, and decides what is let go at the
 * limit: only what the server asks for, which is always the oldest, and only as long as the limit is reached.
 */
final class BacklogWatch {
    private static final Logger LOG = LoggerFactory.getLogger(BacklogWatch.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration TELL_AGAIN = Duration.ofMinutes(5);

    private final Path dataDirectory;
    private final Spool spool;
    private final Limits limits;
    private final InstantSource clock;
    private long looked = System.nanoTime() - LOOK.toNanos();
    private long told;
    /** What the front finds; empty until it was written, since another worker may have left something. */
    private Optional<String> warning = Optional.empty();

    /** Says how much may wait, as it is configured now. */
    interface Limits {
        BacklogLimit now() throws OperationException;
    }

    BacklogWatch(Path dataDirectory, Spool spool, Limits limits, InstantSource clock) {
        this.dataDirectory = dataDirectory;
        this.spool = spool;
        this.limits = limits;
        this.clock = clock;
    }

    /** Looks now and then, and leaves for the front what it has to say. */
    synchronized void look() throws IOException {
        if (System.nanoTime() - looked < LOOK.toNanos()) {
            return;
        }
        looked = System.nanoTime();
        BacklogLimit limit = limit();
        if (limit.isOff()) {
            warn("");
            return;
        }
        WaitingWal waiting = WaitingWal.in(dataDirectory);
        Instant now = clock.instant();
        boolean near = limit.isNear(waiting, now);
        String line = near ? limit.inWords(waiting, now) + ". " + consequence(limit, waiting, now) : "";
        boolean begins = near && warning.orElse("").isEmpty();
        warn(line);
        if (begins || (near && System.nanoTime() - told > TELL_AGAIN.toNanos())) {
            told = System.nanoTime();
            LOG.warn("{}", line);
        }
    }

    private static String consequence(BacklogLimit limit, WaitingWal waiting, Instant now) {
        boolean reached = limit.isReached(waiting, now);
        return switch (limit.action()) {
            case WARN ->
                reached
                        ? "The LIMIT IS REACHED: see to the repository before pg_wal is full."
                        : "See to the repository before pg_wal is full.";
            case ANY ->
                reached
                        ? "The LIMIT IS REACHED: what one repository has is let go, whichever are required."
                        : "At the limit what one repository has is let go, whichever are required.";
            case GIVE_UP ->
                reached
                        ? "The LIMIT IS REACHED: WAL IS GIVEN UP, the oldest first."
                        : "At the limit WAL is given up, the oldest first.";
        };
    }

    private void warn(String line) throws IOException {
        if (!warning.equals(Optional.of(line))) {
            spool.warn(line);
            warning = Optional.of(line);
        }
    }

    private BacklogLimit limit() {
        try {
            return limits.now();
        } catch (OperationException e) {
            LOG.debug("the limit of what waits is not known: {}", e.getMessage());
            return BacklogLimit.NONE;
        }
    }

    /**
     * Whether the server may remove a file that it asked for and that could not be archived.
     *
     * @param kept whether a repository has it
     * @param reason why it was not archived
     */
    synchronized Optional<Answer.Released> release(String name, boolean kept, String reason) {
        BacklogLimit limit = limit();
        boolean allowed = switch (limit.action()) {
            case WARN -> false;
            case ANY -> kept;
            case GIVE_UP -> true;
        };
        if (!allowed) {
            return Optional.empty();
        }
        try {
            WaitingWal waiting = WaitingWal.in(dataDirectory);
            Instant now = clock.instant();
            if (!limit.isReached(waiting, now)) {
                return Optional.empty();
            }
            ReleasedWal released = new ReleasedWal(now, name, kept, reason);
            // What cannot be named is not let go.
            released.note(spool);
            String words = limit.inWords(waiting, now);
            String message = kept
                    ? "\"" + name + "\" is let go, since a repository has it and " + words + ": " + released.reason()
                    : "\"" + name + "\" is GIVEN UP, it is in no archive, since " + words + ": " + released.reason();
            LOG.warn("{}", message);
            return Optional.of(new Answer.Released(
                    message,
                    kept
                            ? "The other repositories are filled up when they are back."
                            : "The archive has a hole there: take a backup as soon as the repository is back."));
        } catch (IOException e) {
            LOG.warn("\"{}\" is not let go: {}", name, e.toString());
            return Optional.empty();
        }
    }

    /** Takes back what was left for the front. */
    synchronized void end() throws IOException {
        warn("");
    }
}
