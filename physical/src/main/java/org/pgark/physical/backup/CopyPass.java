package org.pgark.physical.backup;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.systemcall.PageCache;
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
    private final KnownContent known;
    private final Leftovers leftovers;
    private final Optional<PageCache> pageCache = PageCache.available();
    private List<Bundle.Member> bundle = new ArrayList<>();
    private long bundledBytes;
    private long proved = System.nanoTime();

    /**
     * @param known what is known of the files before they are read
     * @param leftovers what an interrupted backup stored of them
     */
    CopyPass(
            PackingCrew crew,
            int jobs,
            KnownContent known,
            Leftovers leftovers,
            ManifestAssembly assembly,
            BackupMode server) {
        this.known = known;
        this.leftovers = leftovers;
        this.crew = crew;
        this.limit = jobs * TASKS_PER_WORKER;
        this.assembly = assembly;
        this.server = server;
    }

    /** Returns when everything is packed. */
    void run(Iterator<SourceFile> files) throws IOException, FailedException, InterruptedException {
        while (files.hasNext()) {
            KnownFile file = known.of(files.next());
            FileStatus status = file.source().status();
            if (status.type() == FileType.REGULAR && status.size() > Packer.FRAME_BYTES && !file.isKept()) {
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

    private void bundle(KnownFile file) throws IOException, FailedException, InterruptedException {
        boolean read = file.source().status().type() == FileType.REGULAR && !file.isKept();
        Earlier base = Earlier.NOTHING;
        Earlier elsewhere = Earlier.NOTHING;
        if (read) {
            base = known.stretches(file).upTo(Long.MAX_VALUE);
            elsewhere = elsewhere(file, known.model(file), 0, Long.MAX_VALUE);
        }
        bundle.add(new Bundle.Member(file, base, elsewhere));
        if (read) {
            bundledBytes += file.source().status().size();
        }
        if (bundledBytes >= Bundle.MAX_BYTES || bundle.size() >= Bundle.MAX_FILES) {
            submitBundle();
        }
    }

    /** What an interrupted backup stored of a stretch; if nothing, what the base has of the file's model. */
    private Earlier elsewhere(KnownFile file, Optional<KnownContent.Stretches> model, long from, long to)
            throws IOException {
        Earlier ofModel = model.isPresent() ? model.get().upTo(to) : Earlier.NOTHING;
        Earlier leftover = leftovers.of(file.source().path(), from, to);
        return leftover.isEmpty() ? ofModel : leftover;
    }

    private void submitBundle() throws IOException, FailedException, InterruptedException {
        if (!bundle.isEmpty()) {
            submit(new Bundle(bundle));
            bundle = new ArrayList<>();
            bundledBytes = 0;
        }
    }

    private void submitSlices(KnownFile file) throws IOException, FailedException, InterruptedException {
        long size = file.source().status().size();
        long most = file.base().isPresent() ? Slice.MAX_KNOWN_BYTES : Slice.MAX_BYTES;
        KnownContent.Stretches base = known.stretches(file);
        Optional<KnownContent.Stretches> model = known.model(file);
        // Before the first slice is read: the kernel reads ahead, into the slices that follow.
        Optional<PageCache.Footprint> footprint =
                pageCache.flatMap(cache -> cache.look(file.source().place(), size));
        for (long position = 0; position < size; position += most) {
            long length = Math.min(most, size - position);
            long end = position + length;
            submit(new Slice(
                    file,
                    position,
                    length,
                    end == size,
                    base.upTo(end),
                    elsewhere(file, model, position, end),
                    footprint));
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
                server.requireRunning();
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
