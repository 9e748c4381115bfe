package org.pgark.repository;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.frame.NewerFormatException;
import org.pgark.repository.json.JsonObject;
import org.pgark.repository.log.LogEntry;
import org.pgark.repository.log.LogRules;
import org.pgark.repository.log.NewEntry;
import org.pgark.repository.pack.PackSummary;
import tools.jackson.core.JsonGenerator;

/** The log of a cluster: which backups there are. */
final class ClusterLogRules implements LogRules<List<ClusterLogRules.Committed>> {
    private static final String BACKUP = "backup";
    private static final String BACKUPS = "backups";
    private static final String ENTRY = "entry";

    /**
     * A backup that exists.
     *
     * @param entry the number of the entry that made it exist, which also lists its packs
     * @param backup what the log says about it
     */
    record Committed(long entry, BackupRecord backup) {}

    /** The entry that makes a backup exist. */
    static NewEntry committed(BackupRecord backup, List<PackSummary> packs) {
        return new NewEntry(BACKUP, json -> BackupRecordJson.write(backup, json), PackList.encode(packs));
    }

    @Override
    public List<Committed> initial() {
        return List.of();
    }

    @Override
    public List<Committed> apply(List<Committed> state, LogEntry entry) throws IOException {
        if (!entry.kind().equals(BACKUP)) {
            throw new NewerFormatException(entry.name(), "log entry \"" + entry.kind() + "\"");
        }
        List<Committed> after = new ArrayList<>(state);
        after.add(new Committed(entry.number(), BackupRecordJson.read(entry.body())));
        return List.copyOf(after);
    }

    @Override
    public void write(List<Committed> state, JsonGenerator target) {
        target.writeArrayPropertyStart(BACKUPS);
        for (Committed committed : state) {
            target.writeStartObject();
            target.writeNumberProperty(ENTRY, committed.entry());
            target.writeObjectPropertyStart(BACKUP);
            BackupRecordJson.write(committed.backup(), target);
            target.writeEndObject();
            target.writeEndObject();
        }
        target.writeEndArray();
    }

    @Override
    public List<Committed> read(JsonObject state) throws MalformedBytesException {
        List<Committed> backups = new ArrayList<>();
        for (JsonObject committed : state.objects(BACKUPS)) {
            backups.add(new Committed(committed.number(ENTRY), BackupRecordJson.read(committed.object(BACKUP))));
        }
        return List.copyOf(backups);
    }
}
