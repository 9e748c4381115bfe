package org.pgark.physical.backup;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.repository.manifest.RelationNamesWriter;
import org.pgark.repository.manifest.StreamRoot;
import org.pgark.repository.pack.PackSummary;
import org.pgark.repository.pack.PackWriter;

/** Reads the names of relations beside the copying, into a pack of their own. */
final class NamesThread implements AutoCloseable {
    private final PackWriter packs;
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final FutureTask<StreamRoot> task;
    private final Thread thread;

    /** Begins at once; closes {@code packs} in the end. */
    NamesThread(ConnectionSettings settings, SourceTree tree, PackWriter packs, ProgressListener progress) {
        this.packs = packs;
        this.task = new FutureTask<>(() -> {
            RelationNamesWriter names = new RelationNamesWriter(packs);
            new RelationCatalog(settings, new RelationFiles(tree), names, progress, cancelled).write();
            StreamRoot root = names.finish();
            packs.commit();
            return root;
        });
        this.thread = Thread.ofPlatform().name("backup-names").daemon().start(task);
    }

    /** Waits for the end; the names are durable then. */
    Names await() throws IOException, FailedException, InterruptedException {
        StreamRoot root = PackingCrew.result(task);
        return new Names(root, packs.packs());
    }

    @Override
    public void close() throws IOException {
        cancelled.set(true);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        packs.close();
    }

    /** Where the names are, and the packs that hold them. */
    record Names(StreamRoot root, List<PackSummary> packs) {}
}
