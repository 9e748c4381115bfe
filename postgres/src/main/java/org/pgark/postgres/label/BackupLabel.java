package org.pgark.postgres.label;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgark.postgres.DamagedFileException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentName;

/**
 * The content of {@code backup_label}.
 *
 * @param start where recovery must begin to read WAL (the redo position)
 * @param startSegment the segment that holds it
 * @param checkpoint the position of the checkpoint's record
 * @param fromStandby whether the backup was taken from a standby
 * @param startTime when it began, in the words and time zone of the server
 * @param label what the backup was called when it was started
 * @param timeline the timeline it started on
 * @param incremental whether the files are an incremental backup, which no server starts on
 */
public record BackupLabel(
        Lsn start,
        WalSegmentName startSegment,
        Lsn checkpoint,
        boolean fromStandby,
        String startTime,
        String label,
        Timeline timeline,
        boolean incremental) {
    /** The file's name in the data directory. */
    public static final String FILE_NAME = "backup_label";

    private static final Pattern START = Pattern.compile("(\\S+) \\(file ([0-9A-F]{24})\\)");

    /**
     * Reads the file's text.
     *
     * @throws DamagedFileException if a line that recovery needs is missing or malformed
     */
    public static BackupLabel parse(String text) throws DamagedFileException {
        String start = line(text, "START WAL LOCATION");
        Matcher matcher = START.matcher(start);
        if (!matcher.matches()) {
            throw new DamagedFileException(FILE_NAME, "invalid start WAL location \"" + start + "\"");
        }
        try {
            return new BackupLabel(
                    Lsn.parse(matcher.group(1)),
                    WalSegmentName.parse(matcher.group(2)),
                    Lsn.parse(line(text, "CHECKPOINT LOCATION")),
                    isStandby(line(text, "BACKUP FROM")),
                    line(text, "START TIME"),
                    line(text, "LABEL"),
                    new Timeline(Integer.parseInt(line(text, "START TIMELINE"))),
                    text.contains("\nINCREMENTAL FROM LSN: "));
        } catch (NumberFormatException e) {
            throw new DamagedFileException(
                    FILE_NAME, "invalid start timeline \"" + line(text, "START TIMELINE") + "\"");
        } catch (IllegalArgumentException e) {
            throw new DamagedFileException(FILE_NAME, String.valueOf(e.getMessage()));
        }
    }

    private static boolean isStandby(String origin) throws DamagedFileException {
        return switch (origin) {
            // 13 still says master.
            case "primary", "master" -> false;
            case "standby" -> true;
            default ->
                throw new DamagedFileException(
                        FILE_NAME, "backup from \"" + origin + "\", must be \"primary\" or \"standby\"");
        };
    }

    private static String line(String text, String key) throws DamagedFileException {
        return text.lines()
                .filter(line -> line.startsWith(key + ": "))
                .findFirst()
                .map(line -> line.substring(key.length() + 2))
                .orElseThrow(() -> new DamagedFileException(FILE_NAME, "there is no line \"" + key + "\""));
    }
}
