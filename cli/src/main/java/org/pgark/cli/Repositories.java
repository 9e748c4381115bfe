package org.pgark.cli;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.repository.Repository;
import org.pgark.repository.RepositoryId;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectStores;

/** Opens repositories as the configuration says. */
final class Repositories {
    private Repositories() {}

    static Repository open(RepositoryConfiguration settings) throws IOException {
        ObjectStore store = ObjectStores.open(settings.url().toString());
        try {
            return Repository.open(
                    store, settings.id().map(RepositoryId::new), InstantSource.system(), new SecureRandom());
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }
}
