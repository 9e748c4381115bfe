package org.pgark.repository;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.repository.care.Care;
import org.pgark.repository.care.CareJson;
import org.pgark.repository.care.CheckReport;
import org.pgark.repository.care.Hold;
import org.pgark.repository.care.Replay;
import org.pgark.repository.collect.MarkedPacks;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.frame.NewerFormatException;
import org.pgark.repository.json.JsonObject;
import org.pgark.repository.log.LogEntry;
import org.pgark.repository.log.LogRules;
import org.pgark.repository.log.NewEntry;
import org.pgark.repository.pack.PackSummary;
import org.pgark.repository.retention.ExpiredWal;
import tools.jackson.core.JsonGenerator;

/** The log of a cluster: which backups there are, who makes or reads one, which packs are marked for deletion. */
final class ClusterLogRules implements LogRules<ClusterState> {
    private static final String BACKUP = "backup";
    private static final String DELETE = "delete";
    private static final String BEGIN = "begin";
    private static final String END = "end";
    private static final String MARK = "mark";
    private static final String SWEEP = "sweep";

    private static final String HOLD = "hold";
    private static final String RELEASE = "release";
    private static final String REPLAY = "replay";
    private static final String EXPIRE = "expire";
    private static final String CHECK = "check";

    private static final String BACKUPS = "backups";
    private static final String DELETED = "deleted";
    private static final String MARKS = "marks";
    private static final String LAST_MARK = "last_mark";
    private static final String SESSION = "session";
    private static final String SESSIONS = "sessions";
    private static final String INTERRUPTED = "interrupted";
    private static final String CARE = "care";
    private static final String ENTRY = "entry";
    private static final String SINCE = "since";
    private static final String SWEPT = "swept";
    private static final String TIME = "time";
    private static final String ENDS = "ends";
    private static final String DONE = "done";

    private static final byte[] NO_PACKS = {};

    /** The entry that makes a backup exist and ends the session that made it. */
    static NewEntry committed(BackupRecord backup, String session, List<PackSummary> packs) {
        return new NewEntry(
                BACKUP,
                json -> {
                    BackupRecordJson.write(backup, json);
                    json.writeStringProperty(SESSION, session);
                },
                PackList.encode(packs));
    }

    /** The entry after which a backup does not exist any more. */
    static NewEntry deleted(BackupId backup) {
        return new NewEntry(DELETE, json -> json.writeStringProperty(BACKUP, backup.value()), NO_PACKS);
    }

    /** The entry that begins a session, and ends others. */
    static NewEntry begun(LogSession session, List<String> ends) {
        return new NewEntry(
                BEGIN,
                json -> {
                    session.write(json);
                    writeTexts(ENDS, ends, json);
                },
                NO_PACKS);
    }

    /** The entry that ends sessions. */
    static NewEntry ended(List<String> sessions) {
        return new NewEntry(END, json -> writeTexts(SESSIONS, sessions, json), NO_PACKS);
    }

    /** The entry that marks packs for deletion. */
    static NewEntry marked(String name, MarkedPacks packs, List<String> done) {
        return new NewEntry(
                MARK,
                json -> {
                    json.writeStringProperty(MARK, name);
                    writeTexts(DONE, done, json);
                },
                packs.encode());
    }

    /** The entry that says that marked packs are deleted. */
    static NewEntry swept(List<Long> marks) {
        return new NewEntry(
                SWEEP,
                json -> {
                    json.writeArrayPropertyStart(MARKS);
                    marks.forEach(mark -> json.writeNumber(mark.longValue()));
                    json.writeEndArray();
                },
                NO_PACKS);
    }

    /** The entry after which a backup is to be kept. */
    static NewEntry held(BackupId backup, Hold hold) {
        return new NewEntry(HOLD, json -> CareJson.write(backup.value(), hold, json), NO_PACKS);
    }

    /** The entry after which a backup and the WAL since are to be kept for a server that was restored from it. */
    static NewEntry replaying(BackupId backup, Replay replay) {
        return new NewEntry(REPLAY, json -> CareJson.write(backup.value(), replay, json), NO_PACKS);
    }

    /** The entry that takes a hold off. */
    static NewEntry released(BackupId backup) {
        return new NewEntry(RELEASE, json -> json.writeStringProperty(BACKUP, backup.value()), NO_PACKS);
    }

    /** The entry after which backups do not exist any more, and WAL is gone. */
    static NewEntry expired(List<String> backups, ExpiredWal wal) {
        return new NewEntry(
                EXPIRE,
                json -> {
                    writeTexts(BACKUPS, backups, json);
                    CareJson.write(wal, json);
                },
                NO_PACKS);
    }

    /** The entry that says what was checked. */
    static NewEntry checked(CheckReport report) {
        return new NewEntry(CHECK, json -> CareJson.write(report, json), NO_PACKS);
    }

    private static void writeTexts(String name, List<String> texts, JsonGenerator json) {
        json.writeArrayPropertyStart(name);
        texts.forEach(json::writeString);
        json.writeEndArray();
    }

    @Override
    public ClusterState initial() {
        return ClusterState.INITIAL;
    }

    @Override
    public ClusterState apply(ClusterState state, LogEntry entry) throws IOException {
        JsonObject body = entry.body();
        return switch (entry.kind()) {
            case BACKUP -> {
                String session = body.text(SESSION);
                long since = state.session(session).map(LogSession::entry).orElse(entry.number());
                yield state.committed(
                        new ClusterState.Committed(entry.number(), since, BackupRecordJson.read(body)), session);
            }
            case DELETE -> state.deleted(List.of(body.text(BACKUP)));
            case HOLD -> state.with(state.care().held(body.text(BACKUP), CareJson.hold(body)));
            case REPLAY -> state.with(state.care().restored(body.text(BACKUP), CareJson.replay(body)));
            case RELEASE -> state.with(state.care().released(body.text(BACKUP)));
            case EXPIRE -> {
                ClusterState left = state.deleted(body.textList(BACKUPS));
                yield left.with(left.care().expired(CareJson.expired(body)));
            }
            case CHECK -> state.with(state.care().checked(CareJson.report(body), state.ids(), entry.time()));
            case BEGIN -> state.begun(LogSession.read(body, entry.number(), entry.time()), body.textList(ENDS));
            case END -> state.ended(body.textList(SESSIONS));
            case MARK ->
                state.marked(new ClusterState.Mark(entry.number(), false), body.text(MARK), body.textList(DONE));
            case SWEEP -> state.swept(body.numbers(MARKS));
            default -> throw new NewerFormatException(entry.name(), "log entry \"" + entry.kind() + "\"");
        };
    }

    @Override
    public void write(ClusterState state, JsonGenerator target) {
        writeBackups(BACKUPS, state.backups(), target);
        writeBackups(DELETED, state.deleted(), target);
        target.writeArrayPropertyStart(MARKS);
        for (ClusterState.Mark mark : state.marks()) {
            target.writeStartObject();
            target.writeNumberProperty(ENTRY, mark.entry());
            target.writeBooleanProperty(SWEPT, mark.swept());
            target.writeEndObject();
        }
        target.writeEndArray();
        target.writeStringProperty(LAST_MARK, state.lastMark());
        target.writeArrayPropertyStart(SESSIONS);
        for (LogSession session : state.sessions()) {
            target.writeStartObject();
            target.writeNumberProperty(ENTRY, session.entry());
            target.writeStringProperty(TIME, session.time().toString());
            session.write(target);
            target.writeEndObject();
        }
        target.writeEndArray();
        target.writeObjectPropertyStart(CARE);
        CareJson.write(state.care(), target);
        target.writeEndObject();
        state.interrupted().ifPresent(time -> target.writeStringProperty(INTERRUPTED, time.toString()));
    }

    private static void writeBackups(String name, List<ClusterState.Committed> backups, JsonGenerator target) {
        target.writeArrayPropertyStart(name);
        for (ClusterState.Committed committed : backups) {
            target.writeStartObject();
            target.writeNumberProperty(ENTRY, committed.entry());
            target.writeNumberProperty(SINCE, committed.since());
            target.writeObjectPropertyStart(BACKUP);
            BackupRecordJson.write(committed.backup(), target);
            target.writeEndObject();
            target.writeEndObject();
        }
        target.writeEndArray();
    }

    @Override
    public ClusterState read(JsonObject state) throws MalformedBytesException {
        List<ClusterState.Mark> marks = new ArrayList<>();
        for (JsonObject mark : state.objects(MARKS)) {
            marks.add(new ClusterState.Mark(mark.number(ENTRY), mark.flag(SWEPT)));
        }
        List<LogSession> sessions = new ArrayList<>();
        for (JsonObject session : state.objects(SESSIONS)) {
            sessions.add(LogSession.read(session, session.number(ENTRY), session.time(TIME)));
        }
        Optional<Instant> interrupted =
                state.has(INTERRUPTED) ? Optional.of(state.time(INTERRUPTED)) : Optional.empty();
        return new ClusterState(
                readBackups(state.objects(BACKUPS)),
                readBackups(state.objects(DELETED)),
                marks,
                state.text(LAST_MARK),
                sessions,
                interrupted,
                state.has(CARE) ? CareJson.care(state.object(CARE)) : Care.NONE);
    }

    private static List<ClusterState.Committed> readBackups(List<JsonObject> source) throws MalformedBytesException {
        List<ClusterState.Committed> backups = new ArrayList<>();
        for (JsonObject committed : source) {
            backups.add(new ClusterState.Committed(
                    committed.number(ENTRY), committed.number(SINCE), BackupRecordJson.read(committed.object(BACKUP))));
        }
        return backups;
    }
}
