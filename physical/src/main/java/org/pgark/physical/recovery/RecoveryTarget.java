package org.pgark.physical.recovery;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.pgark.postgres.Lsn;

/**
 * Where recovery shall stop.
 *
 * <p>{@code exclusive} leaves out what lies exactly at the target ({@code recovery_target_inclusive = off}).
 */
public sealed interface RecoveryTarget {
    /** The end of the WAL that the archive has without a gap. */
    RecoveryTarget LATEST = new Latest();

    /** As soon as the restored files are consistent, which is the end of the backup. */
    RecoveryTarget IMMEDIATE = new Immediate();

    /** The target in words, for plans and messages, for example {@code LSN 0/3002D50}. */
    String describe();

    /** See {@link #LATEST}. */
    record Latest() implements RecoveryTarget {
        @Override
        public String describe() {
            return "the end of the archived WAL";
        }
    }

    /** See {@link #IMMEDIATE}. */
    record Immediate() implements RecoveryTarget {
        @Override
        public String describe() {
            return "the end of the backup";
        }
    }

    /**
     * The last instant whose transactions are wanted, compared with the times that commit and abort records carry.
     *
     * @param instant in whole microseconds, as PostgreSQL keeps time
     * @param zone the zone in which the user thinks of it, used to print it
     */
    record Time(Instant instant, ZoneId zone, boolean exclusive) implements RecoveryTarget {
        public Time {
            Objects.requireNonNull(zone, "zone is null");
            if (!instant.truncatedTo(ChronoUnit.MICROS).equals(instant)) {
                throw new IllegalArgumentException("invalid target time " + instant + ", must be whole microseconds");
            }
        }

        @Override
        public String describe() {
            return "time " + TargetTime.format(instant, zone) + (exclusive ? " (exclusive)" : "");
        }
    }

    /** The record that begins at this position, or the first one after it. */
    record AtLsn(Lsn lsn, boolean exclusive) implements RecoveryTarget {
        public AtLsn {
            Objects.requireNonNull(lsn, "lsn is null");
        }

        @Override
        public String describe() {
            return "LSN " + lsn + (exclusive ? " (exclusive)" : "");
        }
    }

    /**
     * The commit or abort of this transaction.
     *
     * @param xid 3 or more, to be read as unsigned: the 32 bits that WAL records carry, without an epoch
     */
    record AtTransaction(int xid, boolean exclusive) implements RecoveryTarget {
        /** The first number that PostgreSQL gives to an ordinary transaction. */
        private static final int FIRST_NORMAL_XID = 3;

        public AtTransaction {
            if (Integer.compareUnsigned(xid, FIRST_NORMAL_XID) < 0) {
                throw new IllegalArgumentException(
                        "invalid transaction \"" + Integer.toUnsignedString(xid) + "\", must be a number of 3 or more");
            }
        }

        /**
         * Reads a transaction's number; of a 64-bit one ({@code txid_current()}) only the lower half counts, as in
         * PostgreSQL's own recovery_target_xid.
         *
         * @throws IllegalArgumentException if the text is no number
         */
        public static AtTransaction parse(String text, boolean exclusive) {
            try {
                return new AtTransaction((int) Long.parseUnsignedLong(text), exclusive);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "invalid transaction \"" + text + "\", must be a number of 3 or more", e);
            }
        }

        @Override
        public String describe() {
            return "transaction " + Integer.toUnsignedString(xid) + (exclusive ? " (exclusive)" : "");
        }
    }

    /**
     * A restore point made by {@code pg_create_restore_point}.
     *
     * @param name 1 to 63 bytes
     */
    record Named(String name) implements RecoveryTarget {
        private static final int LONGEST_NAME_BYTES = 63;

        public Named {
            int length = name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
            if (length == 0 || length > LONGEST_NAME_BYTES) {
                throw new IllegalArgumentException(
                        "invalid restore point \"" + name + "\", must be a name of 1 to 63 bytes");
            }
        }

        @Override
        public String describe() {
            return "restore point \"" + name + "\"";
        }
    }
}
