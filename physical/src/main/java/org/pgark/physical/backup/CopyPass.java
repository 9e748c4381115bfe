package org.pgark.physical.backup;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.datadir.FileType;

/**
 * The one pass over all files: cuts them into tasks for the crew, and hands on what was packed in the order of paths.
 *
 * <p>Only a few tasks for each worker are under way, so that a slow one bounds what is kept in memory.
 */
final class CopyPass {
    private static final int TASKS_PER_WORKER = 8;
    private static final long PROOF_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final PackingCrew crew;
    private final ManifestAssembly assembly;
    private final BackupMode server;
    private final int limit;
    private final Deque<Future<List<PackedPart>>> underWay = new ArrayDeque<>();
    private List<SourceFile> bundle = new ArrayList<>();
    private long bundledBytes;
    private long proved = System.nanoTime();

    CopyPass(PackingCrew crew, int jobs, ManifestAssembly assembly, BackupMode server) {
        this.crew = crew;
        this.limit = jobs * TASKS_PER_WORKER;
        this.assembly = assembly;
        this.server = server;
    }

    /** Returns when everything is packed. */
    void run(Iterator<SourceFile> files) throws IOException, FailedException, InterruptedException {
        while (files.hasNext()) {
            SourceFile file = files.next();
            boolean large =
                    file.status().type() == FileType.REGULAR && file.status().size() > Packer.FRAME_BYTES;
            if (large) {
                submitBundle();
                submitSlices(file);
            } else {
                bundle(file);
            }
        }
        submitBundle();
        while (!underWay.isEmpty()) {
            takeOldest();
        }
    }

    private void bundle(SourceFile file) throws IOException, FailedException, InterruptedException {
        bundle.add(file);
        if (file.status().type() == FileType.REGULAR) {
            bundledBytes += file.status().size();
        }
        if (bundledBytes >= Bundle.MAX_BYTES || bundle.size() >= Bundle.MAX_FILES) {
            submitBundle();
        }
    }

    private void submitBundle() throws IOException, FailedException, InterruptedException {
        if (!bundle.isEmpty()) {
            submit(new Bundle(bundle));
            bundle = new ArrayList<>();
            bundledBytes = 0;
        }
    }

    private void submitSlices(SourceFile file) throws IOException, FailedException, InterruptedException {
        long size = file.status().size();
        for (long position = 0; position < size; position += Slice.MAX_BYTES) {
            long length = Math.min(Slice.MAX_BYTES, size - position);
            submit(new Slice(file, position, length, position + length == size));
        }
    }

    private void submit(PackingTask task) throws IOException, FailedException, InterruptedException {
        while (underWay.size() >= limit) {
            takeOldest();
        }
        underWay.add(crew.submit(task));
    }

    private void takeOldest() throws IOException, FailedException, InterruptedException {
        for (PackedPart part : await(underWay.removeFirst())) {
            assembly.add(part);
        }
    }

    /** Asks the server now and then meanwhile: if it is gone, all further work would be in vain. */
    private List<PackedPart> await(Future<List<PackedPart>> oldest)
            throws IOException, FailedException, InterruptedException {
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (System.nanoTime() - proved > PROOF_NANOS) {
                server.flushed();
                proved = System.nanoTime();
            }
            try {
                return oldest.get(PROOF_NANOS, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                // not yet
            } catch (ExecutionException e) {
                throw PackingCrew.reason(e);
            }
        }
    }
}
