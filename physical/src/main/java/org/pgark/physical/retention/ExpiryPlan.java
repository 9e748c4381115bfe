package org.pgark.physical.retention;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.pgark.repository.BackupId;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.RetentionView;
import org.pgark.repository.archive.ArchivedFile;
import org.pgark.repository.retention.ExpiredWal;
import org.pgark.repository.retention.Fate;

/**
 * What a policy would do to a cluster.
 *
 * @param clock what the clock says
 * @param now where windows end: the clock, or the newest instant that the repository proves, if that is earlier; empty if
 *     nothing is proven
 * @param doubt why clocks may have been wrong, so that nothing goes
 * @param parts what would become of each incarnation
 * @param locked what could not be deleted; nothing before it was tried
 */
public record ExpiryPlan(
        Instant clock, Optional<Instant> now, Optional<String> doubt, List<Part> parts, Locked locked) {
    public ExpiryPlan {
        parts = List.copyOf(parts);
    }

    /**
     * Archived files that nobody needs, and that the place of the repository does not let go yet.
     *
     * @param files how many
     * @param from when the first of them can be deleted; empty if the place does not say, or there are none
     */
    public record Locked(long files, Optional<Instant> from) {
        /** There are none. */
        public static final Locked NONE = new Locked(0, Optional.empty());
    }

    ExpiryPlan leaving(Locked left) {
        return new ExpiryPlan(clock, now, doubt, parts, left);
    }

    /**
     * One incarnation.
     *
     * @param repository where it is kept
     * @param view what the decision rests on
     * @param fates what becomes of its backups, oldest first
     * @param expired which of its WAL is gone afterwards
     * @param files of the archive that can be deleted afterwards
     */
    public record Part(
            ClusterRepository repository,
            RetentionView view,
            List<Fate> fates,
            ExpiredWal expired,
            List<ArchivedFile> files) {
        public Part {
            fates = List.copyOf(fates);
            files = List.copyOf(files);
        }

        /** Whether a backup goes that can be restored, and none stays that can. */
        boolean losesLastUsable() {
            return fates.stream().anyMatch(fate -> !fate.kept() && fate.backup().counts())
                    && fates.stream()
                            .noneMatch(fate -> fate.kept() && fate.backup().counts());
        }

        /** The backups that go. */
        public List<BackupId> going() {
            return fates.stream()
                    .filter(fate -> !fate.kept())
                    .map(fate -> new BackupId(fate.backup().id()))
                    .toList();
        }
    }
}
