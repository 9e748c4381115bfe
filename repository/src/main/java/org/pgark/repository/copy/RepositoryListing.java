package org.pgark.repository.copy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.StoredObject;

/**
 * What there is in a repository: everything that the logs speak of up to their ends.
 *
 * @param logs the entries of each log, from the first to the last; that of the repository, which names the clusters, last
 * @param contents what the entries refer to, and perhaps more
 */
record RepositoryListing(Map<ObjectName, List<StoredObject>> logs, List<StoredObject> contents) {
    private static final int ATTEMPTS = 10;

    /**
     * Looks at a repository that others work with.
     *
     * @throws IOException also if a log goes on each time while what it refers to is listed
     */
    static RepositoryListing of(ObjectStore store) throws IOException {
        RepositoryNames names = new RepositoryNames(store);
        List<StoredObject> repository = names.entries(RepositoryNames.LOG);
        Map<ObjectName, List<StoredObject>> logs = new LinkedHashMap<>();
        List<StoredObject> contents = new ArrayList<>();
        for (ObjectName cluster : names.clusters()) {
            ObjectName log = RepositoryNames.log(cluster);
            List<StoredObject> entries = names.entries(log);
            List<StoredObject> found = names.contents(cluster);
            for (int attempt = 1; !names.endsWith(log, entries); attempt++) {
                if (attempt == ATTEMPTS) {
                    throw new IOException("\"" + log + "\" in " + store.description()
                            + " goes on again and again while what it refers to is listed");
                }
                entries = names.entries(log);
                found = names.contents(cluster);
            }
            logs.put(log, entries);
            contents.addAll(found);
        }
        logs.put(RepositoryNames.LOG, repository);
        return new RepositoryListing(logs, contents);
    }
}
