package org.pgark.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.stream.Stream;
import org.pgark.cli.metrics.Metric;
import org.pgark.cli.metrics.Samples;
import org.pgark.physical.recovery.RecoveryWindow;
import org.pgark.physical.recovery.RepositoryWal;
import org.pgark.physical.recovery.WalGap;
import org.pgark.postgres.Timeline;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.Repository;
import org.pgark.repository.care.BackupCheck;
import org.pgark.repository.care.Care;
import org.pgark.repository.care.CheckedRing;

/** What a repository keeps of a cluster as it was initialised last, measured. */
final class RepositoryMetrics {
    private final String cluster;
    private final ClusterRepository kept;
    private final Samples samples;

    private RepositoryMetrics(String cluster, ClusterRepository kept, Samples samples) {
        this.cluster = cluster;
        this.kept = kept;
        this.samples = samples;
    }

    /** Measures; all or nothing. */
    static Samples of(String cluster, String name, Repository repository) throws IOException {
        Samples samples = Samples.of(cluster, name);
        samples.add(Metric.REPOSITORY_UP, true);
        Optional<Incarnation> newest = repository.cluster(cluster).newest();
        samples.add(Metric.CLUSTER_REGISTERED, newest.isPresent());
        if (newest.isPresent()) {
            new RepositoryMetrics(cluster, repository.open(newest.get()), samples).measure();
        }
        return samples;
    }

    /** That of one that did not answer. */
    static Samples ofUnreachable(String cluster, String name) {
        Samples samples = Samples.of(cluster, name);
        samples.add(Metric.REPOSITORY_UP, false);
        return samples;
    }

    private void measure() throws IOException {
        Care care = kept.care();
        List<BackupRecord> backups = kept.backups();
        samples.add(Metric.BACKUPS, backups.size());
        samples.add(
                Metric.DAMAGED_BACKUPS,
                backups.stream()
                        .filter(backup -> backup.damageIn(care).isPresent())
                        .count());
        backups.stream()
                .map(BackupRecord::stopTime)
                .min(Comparator.naturalOrder())
                .ifPresent(time -> samples.add(Metric.OLDEST_BACKUP_TIMESTAMP_SECONDS, time));
        Optional<BackupRecord> last = backups.stream().max(Comparator.comparing(BackupRecord::stopTime));
        if (last.isPresent()) {
            measure(last.get(), care);
        }
        Stream.concat(
                        care.checks().values().stream().map(BackupCheck::time),
                        care.ring().arcs().stream().map(CheckedRing.Checked::time))
                .max(Comparator.naturalOrder())
                .ifPresent(time -> samples.add(Metric.LAST_VERIFICATION_TIMESTAMP_SECONDS, time));
        Clusters.windows(cluster, kept, backups).stream()
                .max(Comparator.comparing(RecoveryWindow::toTime))
                .ifPresent(window -> {
                    samples.add(Metric.RECOVERY_WINDOW_BEGIN_TIMESTAMP_SECONDS, window.fromTime());
                    samples.add(Metric.RECOVERY_WINDOW_END_TIMESTAMP_SECONDS, window.toTime());
                });
        measureWal();
    }

    private void measure(BackupRecord last, Care care) throws IOException {
        samples.add(Metric.LAST_BACKUP_TIMESTAMP_SECONDS, last.stopTime());
        samples.add(
                Metric.LAST_BACKUP_DURATION_SECONDS,
                Duration.between(last.startTime(), last.stopTime()).toMillis() / 1000.0);
        samples.add(Metric.LAST_BACKUP_SIZE_BYTES, last.size().rawBytes());
        samples.add(Metric.LAST_BACKUP_STORED_BYTES, last.size().storedBytes());
        samples.add(Metric.LAST_BACKUP_DAMAGED_PAGES, last.size().damagedPages());
        double sampled = kept.sampledShares().getOrDefault(last.id().value(), 0.0);
        samples.add(Metric.LAST_BACKUP_VERIFIED_RATIO, new BackupState(last, care, sampled).verifiedShare());
    }

    private void measureWal() throws IOException {
        RepositoryWal wal = RepositoryWal.withDamaged(kept);
        samples.add(
                Metric.WAL_MISSING_SEGMENTS,
                wal.gaps().stream().mapToLong(WalGap::segments).sum());
        samples.add(
                Metric.WAL_DAMAGED_SEGMENTS,
                Clusters.damagedWal(kept).segments().size());
        Optional<Instant> archived = lastArchived(wal);
        archived.ifPresent(time -> samples.add(Metric.WAL_LAST_ARCHIVED_TIMESTAMP_SECONDS, time));
    }

    /** Of the newest timeline that has segments. */
    private static Optional<Instant> lastArchived(RepositoryWal wal) throws IOException {
        NavigableSet<Timeline> timelines = wal.timelines();
        for (Timeline timeline : timelines.descendingSet()) {
            if (!wal.segmentNumbers(timeline).isEmpty()) {
                return wal.lastArchived(timeline);
            }
        }
        return Optional.empty();
    }
}
