package org.pgark.repository.care;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.postgres.Timeline;
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
    private static final String DAMAGED = "damaged";
    private static final String PACK = "pack";
    private static final String FRAMES = "frames";
    private static final String MENDED = "mended";

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
        write(report.damaged(), target);
        target.writeArrayPropertyStart(MENDED);
        report.mended().forEach(pack -> target.writeString(pack.toString()));
        target.writeEndArray();
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
        return new CheckReport(findings, read, damaged(source), mended);
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
            target.writeStringProperty(TIME, arc.time().toString());
            target.writeEndObject();
        }
        target.writeEndArray();
        write(care.damaged(), target);
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
            arcs.add(new CheckedRing.Checked(arc.integer("from"), arc.integer("to"), arc.time(TIME)));
        }
        return new Care(holds, checks, expired(source), new CheckedRing(arcs), damaged(source));
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
