package org.pgark.repository;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.frame.NewerFormatException;
import org.pgark.repository.json.JsonObject;
import org.pgark.repository.log.LogEntry;
import org.pgark.repository.log.LogRules;
import org.pgark.repository.log.NewEntry;
import tools.jackson.core.JsonGenerator;

/** The log of the repository: which incarnations of clusters it keeps. */
final class RepositoryLogRules implements LogRules<List<Incarnation>> {
    private static final String CLUSTER = "cluster";
    private static final String CLUSTERS = "clusters";
    private static final String BEFORE = "before";

    /**
     * The entry that registers an incarnation.
     *
     * @param before the one that comes after it; empty if it is the newest
     */
    static Optional<NewEntry> registered(Incarnation incarnation, Optional<ClusterId> before) {
        return Optional.of(new NewEntry(
                CLUSTER,
                json -> {
                    IncarnationJson.write(incarnation, json);
                    before.ifPresent(id -> json.writeStringProperty(BEFORE, id.value()));
                },
                new byte[0]));
    }

    @Override
    public List<Incarnation> initial() {
        return List.of();
    }

    @Override
    public List<Incarnation> apply(List<Incarnation> state, LogEntry entry) throws IOException {
        if (!entry.kind().equals(CLUSTER)) {
            throw new NewerFormatException(entry.name(), "log entry \"" + entry.kind() + "\"");
        }
        Incarnation registered = IncarnationJson.read(entry.body());
        List<Incarnation> after = new ArrayList<>(state);
        after.removeIf(
                known -> known.id().equals(registered.id()) && known.name().equals(registered.name()));
        after.add(place(after, entry), registered);
        return List.copyOf(after);
    }

    private static int place(List<Incarnation> state, LogEntry entry) throws MalformedBytesException {
        if (!entry.body().has(BEFORE)) {
            return state.size();
        }
        String before = entry.body().text(BEFORE);
        for (int index = 0; index < state.size(); index++) {
            if (state.get(index).id().value().equals(before)) {
                return index;
            }
        }
        throw new MalformedBytesException("no cluster \"" + before + "\" is registered before");
    }

    @Override
    public void write(List<Incarnation> state, JsonGenerator target) {
        target.writeArrayPropertyStart(CLUSTERS);
        for (Incarnation incarnation : state) {
            target.writeStartObject();
            IncarnationJson.write(incarnation, target);
            target.writeEndObject();
        }
        target.writeEndArray();
    }

    @Override
    public List<Incarnation> read(JsonObject state) throws MalformedBytesException {
        List<Incarnation> incarnations = new ArrayList<>();
        for (JsonObject incarnation : state.objects(CLUSTERS)) {
            incarnations.add(IncarnationJson.read(incarnation));
        }
        return List.copyOf(incarnations);
    }
}
