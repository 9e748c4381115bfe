package org.pgark.postgres.wal;

import java.util.Locale;
import org.pgark.postgres.Timeline;

/** The name of a file that PostgreSQL archives: a segment, its unfinished form, a timeline's or a backup's history. */
public sealed interface WalFileName {
    /** The timeline that the name begins with. */
    Timeline timeline();

    /** A complete segment, for example {@code 000000010000000000000003}. */
    record Segment(WalSegmentName name) implements WalFileName {
        @Override
        public Timeline timeline() {
            return name.timeline();
        }

        @Override
        public String toString() {
            return name.toString();
        }
    }

    /** The last, unfinished segment of a timeline that was left, for example {@code 000000010000000000000003.partial}. */
    record Partial(WalSegmentName name) implements WalFileName {
        @Override
        public Timeline timeline() {
            return name.timeline();
        }

        @Override
        public String toString() {
            return name + ".partial";
        }
    }

    /** Where a timeline came from, for example {@code 00000002.history}. */
    record History(Timeline timeline) implements WalFileName {
        @Override
        public String toString() {
            return timeline.historyFileName();
        }
    }

    /**
     * What a backup left in the archive, for example {@code 000000010000000000000003.00000028.backup}.
     *
     * @param name the segment that the backup started in
     * @param offset where in that segment, in bytes
     */
    record BackupHistory(WalSegmentName name, int offset) implements WalFileName {
        @Override
        public Timeline timeline() {
            return name.timeline();
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s.%08X.backup", name, offset);
        }
    }

    /**
     * Reads a file's name.
     *
     * @throws IllegalArgumentException if PostgreSQL archives no file of such a name
     */
    static WalFileName parse(String text) {
        if (WalSegmentName.isName(text)) {
            return new Segment(WalSegmentName.parse(text));
        }
        if (text.matches("[0-9A-F]{24}\\.partial") && WalSegmentName.isName(text.substring(0, 24))) {
            return new Partial(WalSegmentName.parse(text.substring(0, 24)));
        }
        if (text.matches("[0-9A-F]{8}\\.history") && !text.startsWith("00000000")) {
            return new History(Timeline.parseHex(text.substring(0, 8)));
        }
        if (text.matches("[0-9A-F]{24}\\.[0-9A-F]{8}\\.backup") && WalSegmentName.isName(text.substring(0, 24))) {
            return new BackupHistory(
                    WalSegmentName.parse(text.substring(0, 24)), Integer.parseUnsignedInt(text, 25, 33, 16));
        }
        throw new IllegalArgumentException("invalid WAL file name \"" + text
                + "\", must be a segment, a .partial segment, a .history or a .backup file");
    }
}
