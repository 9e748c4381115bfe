package org.pgark.physical.verify;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.pgark.physical.BackupPin;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.recovery.BackupPoint;
import org.pgark.physical.recovery.RepositoryWal;
import org.pgark.postgres.wal.WalSegmentMismatchException;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.SessionKind;
import org.pgark.repository.care.CheckReport;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.repository.manifest.ManifestReader;
import org.pgark.repository.manifest.RelationNamesReader;
import org.pgark.repository.pack.FrameReader;
import org.pgark.storage.NoSuchObjectException;

/** Reads back everything that one backup needs: its manifest, its files' frames, and the WAL that makes it consistent. */
public final class BackupVerification {
    private static final long SLICE_BYTES = 16 << 20;

    private final ClusterRepository cluster;
    private final BackupRecord backup;
    private final int jobs;
    private final ProgressListener progress;
    private final DamageList damages;

    private BackupVerification(ClusterRepository cluster, BackupRecord backup, int jobs, ProgressListener progress) {
        this.cluster = cluster;
        this.backup = backup;
        this.damages = new DamageList(cluster);
        this.jobs = jobs;
        this.progress = progress;
    }

    /**
     * Verifies one backup.
     *
     * @param jobs how many threads read at once
     * @throws IOException if the repository cannot be read at all; damage is part of the result
     */
    public static VerificationResult run(
            ClusterRepository cluster, BackupRecord backup, int jobs, ProgressListener progress)
            throws IOException, InterruptedException {
        try (BackupPin _ = BackupPin.of(cluster, SessionKind.VERIFY, backup, progress)) {
            VerificationResult result = new BackupVerification(cluster, backup, jobs, progress).run();
            if (!result.sound() && BackupPin.isGone(cluster, backup)) {
                throw new IOException("backup \"" + backup.id() + "\" was deleted while it was verified");
            }
            return result;
        }
    }

    private VerificationResult run() throws IOException, InterruptedException {
        progress.phase("verifying backup " + backup.id());
        progress.total(backup.size().files(), backup.size().rawBytes());
        long knownDamagedPages = 0;
        long files = 0;
        ExecutorService workers = Executors.newFixedThreadPool(jobs);
        Semaphore queued = new Semaphore(4 * jobs);
        Queue<Future<?>> running = new ArrayDeque<>();
        try (FrameReader frames = cluster.frameReader();
                SliceReaders readers = new SliceReaders(cluster)) {
            ManifestReader manifest = new ManifestReader(frames, backup.manifest());
            ManifestReader.Cursor entries = manifest.entries();
            for (Optional<ManifestEntry> entry = entries.next(); entry.isPresent(); entry = entries.next()) {
                if (entry.get() instanceof ManifestEntry.File file) {
                    files++;
                    knownDamagedPages += file.damagedPages().size();
                    for (FileSlice slice : slices(manifest, file)) {
                        queued.acquire();
                        forgetDone(running);
                        running.add(workers.submit(() -> {
                            try {
                                readers.verify(slice, backup, damages);
                                progress.advanced(slice.length());
                            } finally {
                                queued.release();
                            }
                            return null;
                        }));
                    }
                }
            }
            waitFor(running);
            verifyRelationNames(frames);
        } catch (DamagedObjectException e) {
            damages.add(e, "the manifest of backup " + backup.id());
        } catch (NoSuchObjectException e) {
            damages.add(e, "the manifest of backup " + backup.id());
        } finally {
            workers.shutdownNow();
            workers.close();
        }
        CheckReport.Wal wal = verifyWal();
        return new VerificationResult(
                backup.id(),
                files,
                backup.size().rawBytes(),
                damages.sorted(),
                knownDamagedPages,
                damages.frames(),
                wal);
    }

    private List<FileSlice> slices(ManifestReader manifest, ManifestEntry.File file) throws IOException {
        List<FileSlice> slices = new ArrayList<>();
        try {
            ManifestReader.ExtentCursor extents = manifest.extents(file);
            List<Extent> current = new ArrayList<>();
            long start = 0;
            long length = 0;
            for (Optional<Extent> extent = extents.next(); extent.isPresent(); extent = extents.next()) {
                current.add(extent.get());
                length += extent.get().length();
                if (length >= SLICE_BYTES) {
                    slices.add(new FileSlice(file, start, current));
                    start += length;
                    current = new ArrayList<>();
                    length = 0;
                }
            }
            if (!current.isEmpty()) {
                slices.add(new FileSlice(file, start, current));
            }
        } catch (DamagedObjectException e) {
            damages.add(e, file.path());
        } catch (NoSuchObjectException e) {
            damages.add(e, file.path());
        }
        return slices;
    }

    private void verifyRelationNames(FrameReader frames) throws IOException {
        if (backup.relationNames().isEmpty()) {
            return;
        }
        String purpose = "the relation names of backup " + backup.id();
        try {
            RelationNamesReader.Cursor names =
                    new RelationNamesReader(frames, backup.relationNames().get()).relations();
            boolean more = true;
            while (more) {
                more = names.next().isPresent();
            }
        } catch (DamagedObjectException e) {
            damages.add(e, purpose);
        } catch (NoSuchObjectException e) {
            damages.add(e, purpose);
        }
    }

    private CheckReport.Wal verifyWal() throws IOException {
        WalFindings findings = new WalFindings(cluster.care().damagedWal());
        progress.phase("verifying the WAL of backup " + backup.id());
        BackupRecord.WalSpan wal = backup.wal();
        RepositoryWal archived = RepositoryWal.withDamaged(cluster);
        String history = wal.stopTimeline().historyFileName();
        archived.historyFault(BackupPoint.of(backup))
                .ifPresent(fault -> damages.add(new Damage("history file " + history, fault, "pg_wal/" + history)));
        for (WalSegmentName segment = wal.first();
                segment.compareTo(wal.last()) <= 0;
                segment = segment.next(wal.segmentSize())) {
            if (wal.carries(segment) && !cluster.walArchive().contains(segment)) {
                // It is one of the files, which have been verified.
                continue;
            }
            try {
                archived.verify(segment);
                findings.sound(segment);
            } catch (DamagedObjectException e) {
                damages.add(e, "pg_wal/" + segment);
                findings.damaged(segment, String.valueOf(e.getMessage()));
            } catch (NoSuchObjectException e) {
                damages.add(e, "pg_wal/" + segment);
            } catch (WalSegmentMismatchException e) {
                damages.add(new Damage("WAL segment " + segment, String.valueOf(e.getMessage()), "pg_wal/" + segment));
                findings.damaged(segment, String.valueOf(e.getMessage()));
            }
        }
        return findings.report();
    }

    /** Takes what has ended out of the front; what failed must not be forgotten unseen. */
    private static void forgetDone(Queue<Future<?>> running) throws IOException, InterruptedException {
        for (Future<?> first = running.peek(); first != null && first.isDone(); first = running.peek()) {
            waitFor(running.remove());
        }
    }

    private static void waitFor(Queue<Future<?>> running) throws IOException, InterruptedException {
        while (!running.isEmpty()) {
            waitFor(running.remove());
        }
    }

    private static void waitFor(Future<?> future) throws IOException, InterruptedException {
        try {
            future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
