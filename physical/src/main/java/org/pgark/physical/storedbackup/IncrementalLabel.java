package org.pgark.physical.storedbackup;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgark.postgres.Lsn;

/**
 * What a backup_label says of where a backup stands in a chain.
 *
 * @param timeline on which it starts, to be read as unsigned
 * @param start where it starts
 * @param previousTimeline that of the backup before it; 0 for a full backup
 * @param previousStart where that one starts
 */
record IncrementalLabel(int timeline, Lsn start, int previousTimeline, Lsn previousStart) {
    private static final String START = "START WAL LOCATION: ";
    private static final String TIMELINE = "START TIMELINE: ";
    private static final String PREVIOUS = "INCREMENTAL FROM LSN: ";
    private static final String PREVIOUS_TIMELINE = "INCREMENTAL FROM TLI: ";
    private static final Pattern POSITION =
            Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})(.*)", Pattern.DOTALL);

    static IncrementalLabel parse(String file, String text) throws StoredBackupException {
        int timeline = 0;
        int previousTimeline = 0;
        Lsn start = Lsn.ZERO;
        Lsn previous = Lsn.ZERO;
        boolean hasStart = false;
        boolean hasTimeline = false;
        boolean hasPrevious = false;
        for (String line : text.splitWithDelimiters("\n", 0)) {
            if (line.startsWith(START)) {
                start = position(file, line.substring(START.length()), "START WAL LOCATION", " ");
                hasStart = true;
            } else if (line.startsWith(TIMELINE)) {
                timeline = timeline(file, line.substring(TIMELINE.length()), "could not parse TLI for START TIMELINE");
                hasTimeline = true;
            } else if (line.startsWith(PREVIOUS)) {
                previous = position(file, line.substring(PREVIOUS.length()), "INCREMENTAL FROM LSN", "");
                hasPrevious = true;
            } else if (line.startsWith(PREVIOUS_TIMELINE)) {
                previousTimeline = timeline(
                        file, line.substring(PREVIOUS_TIMELINE.length()), "could not parse INCREMENTAL FROM TLI");
            }
        }
        if (!hasStart) {
            throw new StoredBackupException(file + ": could not find START WAL LOCATION");
        }
        if (!hasTimeline) {
            throw new StoredBackupException(file + ": could not find START TIMELINE");
        }
        if (hasPrevious != (previousTimeline != 0)) {
            throw new StoredBackupException(file
                    + (hasPrevious
                            ? ": INCREMENTAL FROM LSN requires INCREMENTAL FROM TLI"
                            : ": INCREMENTAL FROM TLI requires INCREMENTAL FROM LSN"));
        }
        return new IncrementalLabel(timeline, start, previousTimeline, previous);
    }

    private static Lsn position(String file, String text, String what, String after) throws StoredBackupException {
        Matcher matcher = POSITION.matcher(text);
        if (!matcher.matches()) {
            throw new StoredBackupException(file + ": could not parse " + what);
        }
        String rest = matcher.group(3);
        if (after.isEmpty() ? !rest.isEmpty() : !rest.startsWith(after)) {
            throw new StoredBackupException(file + ": improper terminator for " + what);
        }
        return new Lsn(Long.parseLong(matcher.group(1), 16) << 32 | Long.parseLong(matcher.group(2), 16));
    }

    private static int timeline(String file, String text, String otherwise) throws StoredBackupException {
        if (!text.matches("[0-9]{1,10}")) {
            throw new StoredBackupException(file + ": " + otherwise);
        }
        int number = (int) Long.parseLong(text);
        if (number == 0) {
            throw new StoredBackupException(file + ": invalid TLI");
        }
        return number;
    }

    /** A label's text without what makes it that of an incremental backup. */
    static String withoutPrevious(String text) {
        StringBuilder rest = new StringBuilder();
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            int next = end < 0 ? text.length() : end + 1;
            String line = text.substring(from, next);
            if (!line.startsWith(PREVIOUS) && !line.startsWith(PREVIOUS_TIMELINE)) {
                rest.append(line);
            }
            from = next;
        }
        return rest.toString();
    }
}
