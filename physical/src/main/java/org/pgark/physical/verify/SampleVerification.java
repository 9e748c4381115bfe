package org.pgark.physical.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.recovery.BackupPoint;
import org.pgark.physical.recovery.RepositoryWal;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentMismatchException;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.care.Arc;
import org.pgark.repository.care.DamagedFrames;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.manifest.ManifestReader;
import org.pgark.repository.manifest.RelationNamesReader;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.PackCheck;
import org.pgark.repository.pack.PackSummary;
import org.pgark.storage.NoSuchObjectException;

/** Reads back a part of all packs and of all WAL of one cluster, whole packs at a time, whatever backups they are of. */
public final class SampleVerification {
    private final ClusterRepository cluster;
    private final Arc arc;
    private final int jobs;
    private final ProgressListener progress;
    private final DamageList damages;
    private final Map<ObjectId, List<Integer>> damaged = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<ObjectId> sound = new ConcurrentLinkedQueue<>();
    private final Map<String, String> findings = new LinkedHashMap<>();
    private final WalFindings walFindings;

    private SampleVerification(ClusterRepository cluster, Arc arc, int jobs, ProgressListener progress)
            throws IOException {
        this.walFindings = new WalFindings(cluster.care().damagedWal());
        this.cluster = cluster;
        this.arc = arc;
        this.damages = new DamageList(cluster);
        this.jobs = jobs;
        this.progress = progress;
    }

    /**
     * Verifies what belongs to an arc.
     *
     * @param jobs how many threads read at once
     */
    public static SampleResult run(ClusterRepository cluster, Arc arc, int jobs, ProgressListener progress)
            throws IOException, InterruptedException {
        return new SampleVerification(cluster, arc, jobs, progress).run();
    }

    private SampleResult run() throws IOException, InterruptedException {
        long asOf = cluster.lastEntry();
        Map<ObjectId, PackSummary> packs = new HashMap<>();
        List<BackupRecord> backups = cluster.backups();
        for (BackupRecord backup : backups) {
            cluster.packs(backup.id()).stream()
                    .filter(pack -> arc.contains(pack.id()))
                    .forEach(pack -> packs.put(pack.id(), pack));
        }
        long bytes = packs.values().stream().mapToLong(PackSummary::size).sum();
        progress.phase("verifying packs");
        progress.total(packs.size(), bytes);
        check(packs.values());
        if (!damaged.isEmpty()) {
            for (BackupRecord backup : backups) {
                findDamaged(backup);
            }
        }
        int segments = verifyWal(backups);
        return new SampleResult(
                arc,
                asOf,
                packs.size(),
                bytes,
                segments,
                damages.sorted(),
                findings,
                new DamagedFrames(damaged),
                List.copyOf(sound),
                walFindings.report());
    }

    private void check(Iterable<PackSummary> packs) throws IOException, InterruptedException {
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(jobs)) {
            for (PackSummary pack : packs) {
                running.add(workers.submit(() -> {
                    check(pack);
                    progress.advanced(pack.size());
                    return null;
                }));
            }
            for (Future<?> future : running) {
                future.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private void check(PackSummary pack) throws IOException {
        try (PackCheck check = cluster.packCheck()) {
            List<Integer> frames = new ArrayList<>();
            check.check(pack, (frame, failure) -> {
                frames.add(frame);
                damages.add(failure, "pack " + pack.id());
            });
            if (frames.isEmpty()) {
                sound.add(pack.id());
            } else {
                damaged.put(pack.id(), frames);
            }
        } catch (DamagedObjectException e) {
            damaged.put(pack.id(), List.of());
            damages.add(e, "pack " + pack.id());
        } catch (NoSuchObjectException e) {
            // It may have been collected meanwhile.
            if (isStillListed(pack)) {
                damages.add(e, "pack " + pack.id());
                damaged.put(pack.id(), List.of());
            }
        }
    }

    private boolean isStillListed(PackSummary pack) throws IOException {
        for (BackupRecord backup : cluster.backups()) {
            if (cluster.packs(backup.id()).contains(pack)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a backup needs what is damaged: not all frames of its packs are its own. */
    private void findDamaged(BackupRecord backup) throws IOException {
        DamagedFrames frames = new DamagedFrames(damaged);
        try (FrameReader reader = cluster.frameReader()) {
            NeededDamage needed = new NeededDamage(reader, frames);
            new ManifestReader(reader, backup.manifest()).visitFrames(needed);
            if (backup.relationNames().isPresent()) {
                new RelationNamesReader(reader, backup.relationNames().get()).visitFrames(needed);
            }
            needed.first()
                    .ifPresent(frame -> findings.put(
                            backup.id().value(),
                            "frame " + frame.frame() + " of pack " + frame.pack() + " is damaged"));
        } catch (DamagedObjectException | NoSuchObjectException e) {
            cluster.checkPresence();
            findings.put(backup.id().value(), String.valueOf(e.getMessage()));
        }
    }

    private int verifyWal(List<BackupRecord> backups) throws IOException {
        progress.phase("verifying WAL");
        RepositoryWal archive = RepositoryWal.withDamaged(cluster);
        int segments = 0;
        verifyHistories(archive, backups);
        for (Timeline timeline : archive.timelines()) {
            for (long number : archive.segmentNumbers(timeline)) {
                WalSegmentName segment = WalSegmentName.ofNumber(timeline, number, archive.segmentSize());
                if (arc.containsNamed(segment.toString())) {
                    segments++;
                    verify(segment, archive, backups);
                }
            }
        }
        return segments;
    }

    private void verifyHistories(RepositoryWal archive, List<BackupRecord> backups) throws IOException {
        for (Timeline timeline : archive.timelines()) {
            if (arc.containsNamed(timeline.historyFileName())) {
                Optional<String> damage = archive.historyDamage(timeline);
                damage.ifPresent(reason -> addHistory(timeline, reason));
            }
        }
        for (BackupRecord backup : backups) {
            Timeline timeline = backup.wal().stopTimeline();
            if (arc.containsNamed(timeline.historyFileName())) {
                Optional<String> fault = archive.historyFault(BackupPoint.of(backup));
                fault.ifPresent(reason -> {
                    addHistory(timeline, reason);
                    findings.putIfAbsent(backup.id().value(), reason);
                });
            }
        }
    }

    private void addHistory(Timeline timeline, String reason) {
        String name = timeline.historyFileName();
        damages.add(new Damage("history file " + name, reason, "pg_wal/" + name));
    }

    private void verify(WalSegmentName segment, RepositoryWal archive, List<BackupRecord> backups) throws IOException {
        String path = "pg_wal/" + segment;
        String reason;
        try {
            archive.verify(segment);
            walFindings.sound(segment);
            return;
        } catch (DamagedObjectException e) {
            damages.add(e, path);
            reason = String.valueOf(e.getMessage());
            walFindings.damaged(segment, reason);
        } catch (NoSuchObjectException e) {
            if (cluster.care().expired().contains(segment.timeline(), segment.number(archive.segmentSize()))) {
                return;
            }
            damages.add(e, path);
            reason = String.valueOf(e.getMessage());
        } catch (WalSegmentMismatchException e) {
            reason = String.valueOf(e.getMessage());
            damages.add(new Damage("WAL segment " + segment, reason, path));
            walFindings.damaged(segment, reason);
        }
        for (BackupRecord backup : backups) {
            BackupRecord.WalSpan wal = backup.wal();
            long number = segment.number(archive.segmentSize());
            if (List.of(wal.startTimeline(), wal.stopTimeline()).contains(segment.timeline())
                    && wal.first().number(wal.segmentSize()) <= number
                    && number <= wal.last().number(wal.segmentSize())) {
                findings.putIfAbsent(backup.id().value(), reason);
            }
        }
    }
}
