package org.pgark.repository.copy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.StoredObject;

/** Which objects of a repository there are in a place. */
final class RepositoryNames {
    static final ObjectName REPOSITORY = new ObjectName("repository");
    static final ObjectName KEYS = new ObjectName("keys");
    static final ObjectName LOG = new ObjectName("log");

    private static final ObjectName CLUSTERS = new ObjectName("clusters");

    private static final String NUMBER = "[0-9]{16}";

    private final ObjectStore store;

    RepositoryNames(ObjectStore store) {
        this.store = store;
    }

    /** The folders of the clusters. */
    List<ObjectName> clusters() throws IOException {
        return store.folders(CLUSTERS).stream().map(CLUSTERS::child).toList();
    }

    /** The folders of all logs, that of the repository, which names the clusters, last. */
    List<ObjectName> logs() throws IOException {
        List<ObjectName> logs = new ArrayList<>();
        for (ObjectName cluster : clusters()) {
            logs.add(log(cluster));
        }
        logs.add(LOG);
        return logs;
    }

    /** The log of a cluster. */
    static ObjectName log(ObjectName cluster) {
        return cluster.child("log");
    }

    /** The entries of a log, from the first to the last. The last ones may be missing in a listing that is behind. */
    List<StoredObject> entries(ObjectName log) throws IOException {
        List<StoredObject> entries = new ArrayList<>();
        for (StoredObject object : store.list(log)) {
            if (object.name().lastPart().matches(NUMBER)) {
                entries.add(object);
            }
        }
        ObjectName next = behind(log, entries);
        OptionalLong size = store.size(next);
        while (size.isPresent()) {
            entries.add(new StoredObject(next, size.getAsLong()));
            next = behind(log, entries);
            size = store.size(next);
        }
        return entries;
    }

    /** Whether a log has no entry behind these. */
    boolean endsWith(ObjectName log, List<StoredObject> entries) throws IOException {
        return store.size(behind(log, entries)).isEmpty();
    }

    private static ObjectName behind(ObjectName log, List<StoredObject> entries) {
        long last =
                entries.isEmpty() ? 0 : Long.parseLong(entries.getLast().name().lastPart());
        return log.child(String.format(Locale.ROOT, "%016d", last + 1));
    }

    /** What logs refer to: packs and WAL of all clusters. */
    List<StoredObject> contents() throws IOException {
        List<StoredObject> contents = new ArrayList<>();
        for (ObjectName cluster : clusters()) {
            contents.addAll(contents(cluster));
        }
        return contents;
    }

    /** What the log of one cluster refers to. */
    List<StoredObject> contents(ObjectName cluster) throws IOException {
        String log = log(cluster) + "/";
        return store.list(cluster).stream()
                .filter(object -> !object.name().value().startsWith(log))
                .toList();
    }
}
