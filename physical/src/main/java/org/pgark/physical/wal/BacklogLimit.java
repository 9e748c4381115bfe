package org.pgark.physical.wal;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

/**
 * How much WAL may wait to be archived, and what happens then.
 *
 * @param bytes from how many bytes on the limit is reached; 0 is never
 * @param age from which age of the oldest file on; zero is never
 * @param action what is done at the limit
 */
public record BacklogLimit(long bytes, Duration age, Action action) {
    /** No limit. */
    public static final BacklogLimit NONE = new BacklogLimit(0, Duration.ZERO, Action.WARN);

    public BacklogLimit {
        Objects.requireNonNull(age, "age is null");
        Objects.requireNonNull(action, "action is null");
        if (bytes < 0 || age.isNegative()) {
            throw new IllegalArgumentException(
                    "invalid limit of " + bytes + " bytes and " + age + ", must not be negative");
        }
    }

    /** What is done at the limit. */
    public enum Action {
        /** The server keeps all WAL, and its log says how much it is. */
        WARN,
        /** The server may remove what one of several repositories has, whichever are required. */
        ANY,
        /** The server may remove WAL that is archived nowhere, the oldest first. */
        GIVE_UP;

        /** As the configuration says it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** The action of a word of the configuration. */
        public static Action parse(String word) {
            for (Action action : values()) {
                if (action.word().equals(word)) {
                    return action;
                }
            }
            throw new IllegalArgumentException(
                    "invalid action \"" + word + "\", must be \"warn\", \"any\" or" + " \"give-up\"");
        }
    }

    /** Whether there is none. */
    public boolean isOff() {
        return bytes == 0 && age.isZero();
    }

    /** Whether that much may not wait. */
    public boolean isReached(WaitingWal waiting, Instant now) {
        return isReached(waiting, now, 1);
    }

    /** Whether half of it is reached. */
    public boolean isNear(WaitingWal waiting, Instant now) {
        return isReached(waiting, now, 2);
    }

    private boolean isReached(WaitingWal waiting, Instant now, int part) {
        return waiting.files() > 0
                && ((bytes > 0 && waiting.bytes() >= bytes / part)
                        || (!age.isZero() && waiting.age(now).compareTo(age.dividedBy(part)) >= 0));
    }

    /** For example {@code 5 files, 80 MiB of WAL, wait to be archived, the oldest for 90 s; the limit is 64 MiB}. */
    public String inWords(WaitingWal waiting, Instant now) {
        StringBuilder words = new StringBuilder();
        words.append(waiting.files()).append(waiting.files() == 1 ? " file, " : " files, ");
        words.append(size(waiting.bytes())).append(" of WAL, wait to be archived");
        waiting.since()
                .ifPresent(_ -> words.append(", the oldest for ")
                        .append(waiting.age(now).toSeconds())
                        .append(" s"));
        if (!isOff()) {
            words.append("; the limit is ");
            words.append(bytes > 0 ? size(bytes) : "");
            words.append(bytes > 0 && !age.isZero() ? " or " : "");
            words.append(age.isZero() ? "" : age.toSeconds() + " s");
        }
        return words.toString();
    }

    private static String size(long bytes) {
        return bytes >= 10L << 30
                ? (bytes >> 30) + " GiB"
                : bytes >= 1 << 20 ? (bytes >> 20) + " MiB" : bytes + " bytes";
    }
}
