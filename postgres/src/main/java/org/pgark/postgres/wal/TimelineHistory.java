package org.pgark.postgres.wal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgark.postgres.DamagedFileException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;

/**
 * Where a timeline came from: the content of its {@code .history} file.
 *
 * @param timeline the timeline itself
 * @param entries its ancestors, oldest first; empty for a timeline without a history file
 */
public record TimelineHistory(Timeline timeline, List<Entry> entries) {
    private static final Pattern LINE =
            Pattern.compile("\\s*+([0-9]{1,10})\\s++([0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})(?:\\s(.*))?");

    /**
     * One ancestor.
     *
     * @param parent the ancestor
     * @param switchPoint where it was left
     * @param reason why, in the server's words; may be empty
     */
    public record Entry(Timeline parent, Lsn switchPoint, String reason) {}

    public TimelineHistory {
        entries = List.copyOf(entries);
    }

    /** The history of a timeline that has no history file. */
    public static TimelineHistory withoutAncestors(Timeline timeline) {
        return new TimelineHistory(timeline, List.of());
    }

    /**
     * Reads a history file's text. Empty lines and lines that begin with {@code #} say nothing.
     *
     * @throws DamagedFileException if a line is malformed or the timelines do not increase
     */
    public static TimelineHistory parse(Timeline timeline, String text) throws DamagedFileException {
        List<Entry> entries = new ArrayList<>();
        int last = 0;
        for (String line : text.lines().toList()) {
            if (line.isBlank() || line.stripLeading().startsWith("#")) {
                continue;
            }
            Entry entry = entry(timeline, line);
            if (entry.parent.id() <= last) {
                throw new DamagedFileException(
                        timeline.historyFileName(), "timeline " + entry.parent + " stands after timeline " + last);
            }
            last = entry.parent.id();
            entries.add(entry);
        }
        if (last >= timeline.id()) {
            throw new DamagedFileException(
                    timeline.historyFileName(), "timeline " + last + " is said to be an ancestor of " + timeline);
        }
        return new TimelineHistory(timeline, entries);
    }

    private static Entry entry(Timeline timeline, String line) throws DamagedFileException {
        Matcher matcher = LINE.matcher(line);
        try {
            if (matcher.matches()) {
                String reason = matcher.group(3);
                return new Entry(
                        new Timeline(Integer.parseInt(matcher.group(1))),
                        Lsn.parse(matcher.group(2)),
                        reason == null ? "" : reason.strip());
            }
            throw malformed(timeline, line);
        } catch (IllegalArgumentException e) {
            throw malformed(timeline, line);
        }
    }

    private static DamagedFileException malformed(Timeline timeline, String line) {
        return new DamagedFileException(
                timeline.historyFileName(),
                "invalid line \"" + line + "\", must be a timeline, a position such as 0/3000148, and a reason");
    }

    /** The file's text. */
    public String format() {
        StringBuilder text = new StringBuilder();
        for (Entry entry : entries) {
            text.append(entry.parent).append('\t').append(entry.switchPoint).append('\t');
            text.append(entry.reason).append('\n');
        }
        return text.toString();
    }

    /** This timeline's ancestors, oldest first, and itself last. */
    public List<Timeline> chain() {
        List<Timeline> chain = new ArrayList<>(entries.size() + 1);
        entries.forEach(entry -> chain.add(entry.parent));
        chain.add(timeline);
        return chain;
    }

    /** Where the given ancestor was left; empty for this timeline itself and for timelines that are no ancestors. */
    public Optional<Lsn> switchPointOf(Timeline ancestor) {
        return entries.stream()
                .filter(entry -> entry.parent.equals(ancestor))
                .findFirst()
                .map(Entry::switchPoint);
    }

    /** Where the given timeline of the chain begins; empty for timelines that are not in the chain. */
    public Optional<Lsn> beginOf(Timeline member) {
        Lsn begin = Lsn.ZERO;
        for (Entry entry : entries) {
            if (entry.parent.equals(member)) {
                return Optional.of(begin);
            }
            begin = entry.switchPoint;
        }
        return timeline.equals(member) ? Optional.of(begin) : Optional.empty();
    }

    /** Which timeline of the chain the WAL byte at this position belongs to. */
    public Timeline timelineAt(Lsn position) {
        for (Entry entry : entries) {
            if (position.isBefore(entry.switchPoint)) {
                return entry.parent;
            }
        }
        return timeline;
    }

    /** Whether a server that was on {@code other} with WAL up to {@code position} can go on along this timeline. */
    public boolean contains(Timeline other, Lsn position) {
        return timeline.equals(other)
                || switchPointOf(other).filter(left -> !position.isAfter(left)).isPresent();
    }
}
