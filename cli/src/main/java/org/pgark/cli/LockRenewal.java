package org.pgark.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.retention.Expiry;
import org.pgark.physical.retention.ExpiryPlan;
import org.pgark.postgres.Timeline;
import org.pgark.repository.BackupLock;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.archive.ArchivedFile;
import org.pgark.repository.retention.Fate;

/** Renews the locks of all that the policy of a cluster keeps, in one repository. */
final class LockRenewal {
    private final ClusterContext place;
    private final ProgressListener progress;

    LockRenewal(ClusterContext place, ProgressListener progress) {
        this.place = place;
        this.progress = progress;
    }

    /**
     * What was renewed.
     *
     * @param objects how many objects are locked
     * @param days for how many days at least what the newest backup needs is locked
     */
    record Renewed(long objects, long days) {}

    /** After a backup; empty where the repository's place locks nothing. */
    Optional<Renewed> run(BackupRecord newest) throws IOException {
        List<ClusterRepository> incarnations = new ArrayList<>();
        for (Incarnation incarnation : place.repository().cluster(place.name()).incarnations()) {
            incarnations.add(place.repository().open(incarnation));
        }
        Optional<BackupLock> lock = incarnations.getLast().backupLock();
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        long objects = 0;
        ExpiryPlan plan = new Expiry(incarnations, place.settings().keep(), progress, true).plan(Instant.now());
        for (ExpiryPlan.Part part : plan.parts()) {
            objects += renew(part, newest);
        }
        return Optional.of(new Renewed(objects, lock.get().period().toDays()));
    }

    private long renew(ExpiryPlan.Part part, BackupRecord newest) throws IOException {
        Set<String> ids = new HashSet<>();
        for (Fate fate : part.fates()) {
            boolean kept = fate.kept() || place.settings().keep().isEmpty();
            if (kept && fate.backup().unusable().isEmpty()) {
                ids.add(fate.backup().id());
            }
        }
        List<BackupRecord> kept = new ArrayList<>(part.view().backups().stream()
                .filter(backup -> ids.contains(backup.id().value()) || backup.equals(newest))
                .toList());
        if (kept.isEmpty()) {
            return 0;
        }
        BackupRecord first = kept.contains(newest) ? newest : kept.getLast();
        kept.remove(first);
        List<ArchivedFile> wal = new ArrayList<>();
        for (Timeline timeline : part.repository().walArchive().timelines()) {
            wal.addAll(part.repository().walArchive().list(timeline));
        }
        wal.removeAll(new HashSet<>(part.files()));
        return part.repository().backupLock().orElseThrow().renew(first, kept, wal);
    }
}
