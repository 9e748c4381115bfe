package org.pgark.repository.care;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.json.JsonObject;
import org.pgark.repository.retention.ExpiredWal;
import org.pgark.repository.retention.NumberRanges;
import tools.jackson.core.JsonGenerator;

/** The JSON of what a log says about backups, in entries and in states. */
public final class CareJson {
    private static final String BACKUP = "backup";
    private static final String HOLDS = "holds";
    private static final String CHECKS = "checks";
    private static final String UNTIL = "until";
    private static final String REASON = "reason";
    private static final String ARCHIVAL = "archival";
    private static final String TIME = "time";
    private static final String FINDING = "finding";
    private static final String EXPIRED_WAL = "expired_wal";
    private static final String TIMELINE = "timeline";
    private static final String ALIVE = "alive";
    private static final String ARCS = "arcs";
    private static final String ARC = "arc";
    private static final String AS_OF = "as_of";
    private static final String REPLAYS = "replays";
    private static final String PLACE = "place";
    private static final String ENTRY = "entry";
    private static final String DAMAGED = "damaged";
    private static final String PACK = "pack";
    private static final String FRAMES = "frames";
    private static final String MENDED = "mended";
    private static final String DAMAGED_WAL = "damaged_wal";
    private static final String SOUND_WAL = "sound_wal";
    private static final String SEGMENT = "segment";
    private static final String DEPTH = "depth";

    private CareJson() {}

    /** Writes the body of a hold. */
    public static void write(String backup, Hold hold, JsonGenerator target) {
        target.writeStringProperty(BACKUP, backup);
        hold.until().ifPresent(until -> target.writeStringProperty(UNTIL, until.toString()));
        target.writeStringProperty(REASON, hold.reason());
        target.writeBooleanProperty(ARCHIVAL, hold.archival());
    }

    /** Reads the body of a hold. */
    public static Hold hold(JsonObject source) throws MalformedBytesException {
        Optional<Instant> until = source.has(UNTIL) ? Optional.of(source.time(UNTIL)) : Optional.empty();
        return new Hold(until, source.text(REASON), source.flag(ARCHIVAL));
    }

    /** Writes the body of what follows a restore. */
    public static void write(String backup, Replay replay, JsonGenerator target) {
        target.writeStringProperty(BACKUP, backup);
        target.writeStringProperty(UNTIL, replay.until().toString());
        target.writeStringProperty(PLACE, replay.place());
    }

    /** Reads the body of what follows a restore. */
    public static Replay replay(JsonObject source) throws MalformedBytesException {
        return new Replay(source.time(UNTIL), source.text(PLACE));
    }

    /** Writes which WAL is gone. */
    public static void write(ExpiredWal expired, JsonGenerator target) {
        target.writeArrayPropertyStart(EXPIRED_WAL);
        expired.alive().forEach((timeline, ranges) -> {
            target.writeStartObject();
            target.writeStringProperty(TIMELINE, timeline.toHex());
            target.writeArrayPropertyStart(ALIVE);
            for (NumberRanges.Range range : ranges.ranges()) {
                target.writeNumber(range.first());
                target.writeNumber(range.last());
            }
            target.writeEndArray();
            target.writeEndObject();
        });
        target.writeEndArray();
    }

    /** Reads which WAL is gone. */
    public static ExpiredWal expired(JsonObject source) throws MalformedBytesException {
        Map<Timeline, NumberRanges> alive = new HashMap<>();
        for (JsonObject one : source.objects(EXPIRED_WAL)) {
            List<Long> numbers = one.numbers(ALIVE);
            if (numbers.size() % 2 != 0) {
                throw new MalformedBytesException("a range of WAL without an end");
            }
            List<NumberRanges.Range> ranges = new ArrayList<>();
            for (int index = 0; index < numbers.size(); index += 2) {
                long first = numbers.get(index);
                long last = numbers.get(index + 1);
                ranges.add(valid(() -> new NumberRanges.Range(first, last)));
            }
            String timeline = one.text(TIMELINE);
            alive.put(valid(() -> Timeline.parseHex(timeline)), new NumberRanges(ranges));
        }
        return new ExpiredWal(alive);
    }

    /** Writes the body of what was checked. */
    public static void write(CheckReport report, JsonGenerator target) {
        target.writeArrayPropertyStart(CHECKS);
        new java.util.TreeMap<>(report.findings()).forEach((backup, finding) -> {
            target.writeStartObject();
            target.writeStringProperty(BACKUP, backup);
            target.writeStringProperty(FINDING, finding);
            target.writeEndObject();
        });
        target.writeEndArray();
        target.writeArrayPropertyStart(ARC);
        report.arc().ifPresent(arc -> {
            target.writeNumber(arc.from());
            target.writeNumber(arc.length());
        });
        target.writeEndArray();
        target.writeNumberProperty(AS_OF, report.asOf());
        write(report.damaged(), target);
        target.writeArrayPropertyStart(MENDED);
        report.mended().forEach(pack -> target.writeString(pack.toString()));
        target.writeEndArray();
        write(report.wal().damaged(), target);
        target.writeArrayPropertyStart(SOUND_WAL);
        report.wal().sound().forEach(segment -> target.writeString(segment.toString()));
        target.writeEndArray();
        target.writeStringProperty(DEPTH, report.wal().depth().word());
    }

    private static void write(DamagedWal damaged, JsonGenerator target) {
        target.writeArrayPropertyStart(DAMAGED_WAL);
        damaged.segments().forEach((segment, finding) -> {
            target.writeStartObject();
            target.writeStringProperty(SEGMENT, segment.toString());
            target.writeStringProperty(DEPTH, finding.depth().word());
            target.writeStringProperty(REASON, finding.reason());
            target.writeEndObject();
        });
        target.writeEndArray();
    }

    /** None where there is no such property: logs were written without it. */
    private static DamagedWal damagedWal(JsonObject source) throws MalformedBytesException {
        Map<WalSegmentName, DamagedWal.Finding> segments = new HashMap<>();
        if (source.has(DAMAGED_WAL)) {
            for (JsonObject one : source.objects(DAMAGED_WAL)) {
                String segment = one.text(SEGMENT);
                String depth = one.text(DEPTH);
                segments.put(
                        valid(() -> WalSegmentName.parse(segment)),
                        new DamagedWal.Finding(valid(() -> Depth.of(depth)), one.text(REASON)));
            }
        }
        return new DamagedWal(segments);
    }

    private static CheckReport.Wal wal(JsonObject source) throws MalformedBytesException {
        if (!source.has(SOUND_WAL)) {
            return CheckReport.Wal.NONE;
        }
        List<WalSegmentName> sound = new ArrayList<>();
        for (String segment : source.textList(SOUND_WAL)) {
            sound.add(valid(() -> WalSegmentName.parse(segment)));
        }
        String depth = source.text(DEPTH);
        return new CheckReport.Wal(valid(() -> Depth.of(depth)), damagedWal(source), sound);
    }

    /** Reads the body of what was checked. */
    public static CheckReport report(JsonObject source) throws MalformedBytesException {
        Map<String, String> findings = new HashMap<>();
        for (JsonObject check : source.objects(CHECKS)) {
            findings.put(check.text(BACKUP), check.text(FINDING));
        }
        List<Long> arc = source.numbers(ARC);
        List<ObjectId> mended = new ArrayList<>();
        for (String pack : source.textList(MENDED)) {
            mended.add(valid(() -> ObjectId.parse(pack)));
        }
        Optional<Arc> read = arc.isEmpty()
                ? Optional.empty()
                : Optional.of(valid(() -> new Arc(Math.toIntExact(arc.getFirst()), Math.toIntExact(arc.getLast()))));
        long asOf = source.has(AS_OF) ? source.number(AS_OF) : 0;
        return new CheckReport(findings, read, asOf, damaged(source), mended, wal(source));
    }

    private static void write(DamagedFrames damaged, JsonGenerator target) {
        target.writeArrayPropertyStart(DAMAGED);
        damaged.packs().forEach((pack, frames) -> {
            target.writeStartObject();
            target.writeStringProperty(PACK, pack.toString());
            target.writeArrayPropertyStart(FRAMES);
            frames.forEach(frame -> target.writeNumber(frame.intValue()));
            target.writeEndArray();
            target.writeEndObject();
        });
        target.writeEndArray();
    }

    private static DamagedFrames damaged(JsonObject source) throws MalformedBytesException {
        Map<ObjectId, List<Integer>> packs = new HashMap<>();
        for (JsonObject one : source.objects(DAMAGED)) {
            String pack = one.text(PACK);
            List<Long> frames = one.numbers(FRAMES);
            packs.put(
                    valid(() -> ObjectId.parse(pack)),
                    valid(() -> frames.stream().map(Math::toIntExact).toList()));
        }
        return new DamagedFrames(packs);
    }

    /** Writes everything. */
    public static void write(Care care, JsonGenerator target) {
        target.writeArrayPropertyStart(HOLDS);
        care.holds().forEach((backup, hold) -> {
            target.writeStartObject();
            write(backup, hold, target);
            target.writeEndObject();
        });
        target.writeEndArray();
        target.writeArrayPropertyStart(CHECKS);
        care.checks().forEach((backup, check) -> {
            target.writeStartObject();
            target.writeStringProperty(BACKUP, backup);
            target.writeStringProperty(TIME, check.time().toString());
            target.writeStringProperty(FINDING, check.finding());
            target.writeEndObject();
        });
        target.writeEndArray();
        write(care.expired(), target);
        target.writeArrayPropertyStart(ARCS);
        for (CheckedRing.Checked arc : care.ring().arcs()) {
            target.writeStartObject();
            target.writeNumberProperty("from", arc.from());
            target.writeNumberProperty("to", arc.to());
            target.writeNumberProperty(ENTRY, arc.entry());
            target.writeStringProperty(TIME, arc.time().toString());
            target.writeEndObject();
        }
        target.writeEndArray();
        write(care.damaged(), target);
        write(care.damagedWal(), target);
        target.writeArrayPropertyStart(REPLAYS);
        care.replays().forEach((backup, replay) -> {
            target.writeStartObject();
            write(backup, replay, target);
            target.writeEndObject();
        });
        target.writeEndArray();
    }

    /** Reads everything. */
    public static Care care(JsonObject source) throws MalformedBytesException {
        Map<String, Hold> holds = new HashMap<>();
        for (JsonObject hold : source.objects(HOLDS)) {
            holds.put(hold.text(BACKUP), hold(hold));
        }
        Map<String, BackupCheck> checks = new HashMap<>();
        for (JsonObject check : source.objects(CHECKS)) {
            checks.put(check.text(BACKUP), new BackupCheck(check.time(TIME), check.text(FINDING)));
        }
        List<CheckedRing.Checked> arcs = new ArrayList<>();
        for (JsonObject arc : source.objects(ARCS)) {
            // Arcs without it were read before it was written, so that they count for no backup.
            long entry = arc.has(ENTRY) ? arc.number(ENTRY) : 0;
            arcs.add(new CheckedRing.Checked(arc.integer("from"), arc.integer("to"), entry, arc.time(TIME)));
        }
        Map<String, Replay> replays = new HashMap<>();
        if (source.has(REPLAYS)) {
            for (JsonObject replay : source.objects(REPLAYS)) {
                replays.put(replay.text(BACKUP), replay(replay));
            }
        }
        return new Care(
                holds, checks, expired(source), new CheckedRing(arcs), damaged(source), damagedWal(source), replays);
    }

    private interface Parse<T> {
        T get();
    }

    private static <T> T valid(Parse<T> parse) throws MalformedBytesException {
        try {
            return parse.get();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedBytesException(String.valueOf(e.getMessage()));
        }
    }
}
