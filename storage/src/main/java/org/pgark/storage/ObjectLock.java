package org.pgark.storage;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Keeps objects from being removed or replaced for a time, whoever asks.
 *
 * <p>A lock that is set or renewed is longer than it must be by a reserve, so that an object that every backup needs is
 * renewed once in a while, and not by each of them.
 *
 * @param mode who may lift it
 * @param period for how long an object is locked at least
 */
public record ObjectLock(Mode mode, Duration period) {
    private static final int RESERVE_SHARE = 8;

    /** Who may lift a lock before its end. */
    public enum Mode {
        /** Somebody with a special right. */
        GOVERNANCE,
        /** Nobody. */
        COMPLIANCE
    }

    /** The lock that the settings ask for. */
    public static Optional<ObjectLock> of(StoreSettings settings) {
        Optional<String> mode = settings.find(StoreOption.OBJECT_LOCK);
        Optional<Duration> period = settings.days(StoreOption.OBJECT_LOCK_DAYS);
        if (mode.isPresent() != period.isPresent()) {
            throw new IllegalArgumentException(
                    "\"object-lock\" and \"object-lock-days\" must be set together, or neither");
        }
        return mode.map(word -> new ObjectLock(mode(word), period.orElseThrow()));
    }

    private static Mode mode(String word) {
        return switch (word) {
            case "governance" -> Mode.GOVERNANCE;
            case "compliance" -> Mode.COMPLIANCE;
            default ->
                throw new IllegalArgumentException(
                        "invalid value \"" + word + "\" of \"object-lock\", must be \"governance\" or \"compliance\"");
        };
    }

    /**
     * Whether an object is locked from its creation on. What comes and goes while work is done is not: what {@code check}
     * tries, and pieces of WAL segments that are not finished.
     */
    public boolean covers(String key) {
        boolean piece = key.endsWith(".piece");
        return !piece
                && (key.contains("/packs/")
                        || key.contains("/wal/")
                        || ("/" + key).contains("/log/")
                        || ("/" + key).contains("/keys/")
                        || ("/" + key).endsWith("/repository"));
    }

    private Duration reserve() {
        Duration share = period.dividedBy(RESERVE_SHARE);
        return share.compareTo(Duration.ofDays(1)) < 0 ? Duration.ofDays(1) : share;
    }

    /** Until when what is created or renewed at an instant is locked. */
    public Instant until(Instant time) {
        return time.plus(period).plus(reserve()).truncatedTo(ChronoUnit.SECONDS);
    }
}
