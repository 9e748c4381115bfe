package org.pgark.repository.copy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.StoredObject;

/** Which objects of a repository there are in a place. */
final class RepositoryNames {
    static final ObjectName REPOSITORY = new ObjectName("repository");
    static final ObjectName KEYS = new ObjectName("keys");
    static final ObjectName LOG = new ObjectName("log");

    private static final ObjectName CLUSTERS = new ObjectName("clusters");

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

    private static ObjectName log(ObjectName cluster) {
        return cluster.child("log");
    }

    /** The entries of a log, from the first to the last. */
    List<StoredObject> entries(ObjectName log) throws IOException {
        return store.list(log).stream()
                .filter(object -> object.name().lastPart().matches("[0-9]{16}"))
                .toList();
    }

    /** What logs refer to: packs and WAL of all clusters. */
    List<StoredObject> contents() throws IOException {
        List<StoredObject> contents = new ArrayList<>();
        for (ObjectName cluster : clusters()) {
            String log = log(cluster) + "/";
            store.list(cluster).stream()
                    .filter(object -> !object.name().value().startsWith(log))
                    .forEach(contents::add);
        }
        return contents;
    }
}
