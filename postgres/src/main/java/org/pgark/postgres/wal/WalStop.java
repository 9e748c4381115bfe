package org.pgark.postgres.wal;

import org.pgark.postgres.Lsn;

/**
 * Why a reader of WAL stopped where it did: everything that can end a stretch of valid WAL, with what was found. Nothing
 * of the WAL before is in doubt, nothing behind was looked at for records.
 */
public sealed interface WalStop {
    /** The kind of end, as it is kept with a segment's facts. */
    WalEnd.Reason reason();

    /** What was found, for people; empty where nothing is wrong. */
    String detail();

    /** All that was fed is valid, as far as whole pages go; the last record may go on in what follows. */
    record InputEnded() implements WalStop {
        @Override
        public WalEnd.Reason reason() {
            return WalEnd.Reason.INPUT_END;
        }

        @Override
        public String detail() {
            return "";
        }
    }

    /** The server switched to the next segment, and nothing was fed of that. */
    record Switched() implements WalStop {
        @Override
        public WalEnd.Reason reason() {
            return WalEnd.Reason.SWITCH;
        }

        @Override
        public String detail() {
            return "";
        }
    }

    /**
     * The server wrote no further: what follows, as far as it was fed, is no page of this WAL.
     *
     * @param at where the zeroes begin
     */
    record Zeroes(Lsn at) implements WalStop {
        @Override
        public WalEnd.Reason reason() {
            return WalEnd.Reason.ZEROES;
        }

        @Override
        public String detail() {
            return "only zeroes follow";
        }
    }

    /**
     * The server wrote no further: it used an older segment's file again, of which this is left over.
     *
     * @param page the page
     * @param from where the page belonged, some whole segments before
     */
    record LeftOver(Lsn page, Lsn from) implements WalStop {
        @Override
        public WalEnd.Reason reason() {
            return WalEnd.Reason.RECYCLED;
        }

        @Override
        public String detail() {
            return "the page at " + page + " is left over from " + from;
        }
    }

    /** What no server writes. */
    sealed interface Damage extends WalStop {
        /** Where it is: a page or a record. */
        Lsn at();

        @Override
        default WalEnd.Reason reason() {
            return WalEnd.Reason.INVALID;
        }
    }

    /**
     * Zeroes or left-over pages, and then pages of this WAL again: what lay between is lost. Told only if those pages
     * were fed.
     *
     * @param next the first page of this WAL behind them
     */
    record Hole(Lsn at, Lsn next) implements Damage {
        @Override
        public String detail() {
            return "there is nothing at " + at + ", although WAL goes on at " + next;
        }
    }

    /** The first page has no header of a segment. */
    record NoSegmentHeader(Lsn at) implements Damage {
        @Override
        public String detail() {
            return "there is no segment's header at " + at;
        }
    }

    /** A field of the first page's header has a value that no server writes. */
    record DamagedSegmentHeader(Lsn at, String problem) implements Damage {
        @Override
        public String detail() {
            return problem;
        }
    }

    /** Something other than a page stands where a page begins. */
    record NoPageHeader(Lsn at) implements Damage {
        @Override
        public String detail() {
            return "there is no page header at " + at;
        }
    }

    /** A page of another place, which no server can have left here. */
    record MisplacedPage(Lsn at, Lsn belongsTo) implements Damage {
        @Override
        public String detail() {
            return "the page at " + at + " belongs to " + belongsTo;
        }
    }

    /** A short header where a segment begins, a long one where none begins, or the header of another cluster. */
    record WrongHeaderKind(Lsn at) implements Damage {
        @Override
        public String detail() {
            return "the page at " + at + " has the wrong kind of header";
        }
    }

    /** A page of an earlier timeline behind one of a later. */
    record TimelineGoesBack(Lsn at, int timeline, int before) implements Damage {
        @Override
        public String detail() {
            return "the page at " + at + " is of timeline " + timeline + ", the one before it of " + before;
        }
    }

    /** The page does not say, or not rightly, that it continues the record that the page before ended in. */
    record RecordBrokenOff(Lsn at) implements Damage {
        @Override
        public String detail() {
            return "the page at " + at + " does not continue the record before it";
        }
    }

    /** The page says that it continues a record, but none is open. */
    record NothingToContinue(Lsn at) implements Damage {
        @Override
        public String detail() {
            return "the page at " + at + " continues no record";
        }
    }

    /** A record whose length is none. */
    record InvalidLength(Lsn at, int length) implements Damage {
        @Override
        public String detail() {
            return "the record at " + at + " has the invalid length " + Integer.toUnsignedString(length);
        }
    }

    /** A record of a resource manager that the version does not have. */
    record UnknownRecord(Lsn at, int number) implements Damage {
        @Override
        public String detail() {
            return "the record at " + at + " has the unknown resource manager " + number;
        }
    }

    /**
     * A record that does not follow the one that was read before it.
     *
     * @param said where, by the record, the one before begins
     */
    record WrongBackLink(Lsn at, Lsn said) implements Damage {
        @Override
        public String detail() {
            return "the record at " + at + " says that " + said + " comes before it";
        }
    }

    /** A record whose CRC is wrong. */
    record WrongCrc(Lsn at) implements Damage {
        @Override
        public String detail() {
            return "the record at " + at + " has a wrong CRC";
        }
    }

    /** A record with a right CRC whose parts do not fit together. */
    record WrongParts(Lsn at, String problem) implements Damage {
        @Override
        public String detail() {
            return "the record at " + at + " has " + problem;
        }
    }

    /**
     * A page says that it took the place of a record which a crash cut off, but its first record does not say that of
     * the same.
     *
     * @param cut where the record that was cut off begins
     */
    record NotOverwritten(Lsn at, Lsn cut) implements Damage {
        @Override
        public String detail() {
            return "the record at " + at + " does not say that it takes the place of the one at " + cut;
        }
    }
}
