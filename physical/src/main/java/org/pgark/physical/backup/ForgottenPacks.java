package org.pgark.physical.backup;

import java.util.Optional;
import java.util.function.Consumer;
import org.pgark.physical.systemcall.PageCache;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.pack.PackSummary;

/**
 * Has the kernel forget packs of a local repository as soon as they are durable, which else would take the place of the
 * database's pages in memory. For several threads.
 */
final class ForgottenPacks implements Consumer<PackSummary> {
    private final ClusterRepository repository;
    private final Optional<PageCache> pageCache;

    ForgottenPacks(ClusterRepository repository) {
        this.repository = repository;
        this.pageCache = repository.directory().flatMap(_ -> PageCache.available());
    }

    @Override
    public void accept(PackSummary pack) {
        pageCache.ifPresent(cache -> repository
                .file(pack)
                .ifPresent(file -> cache.none(file, pack.size()).restore(0, pack.size())));
    }
}
