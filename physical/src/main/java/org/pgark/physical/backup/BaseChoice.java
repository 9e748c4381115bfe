package org.pgark.physical.backup;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.pgark.physical.ProgressListener;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ChangeSource;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.pack.PackSummary;

/** Chooses the backup with which a new one shares content. */
final class BaseChoice {
    private final ClusterRepository repository;
    private final ProgressListener progress;

    BaseChoice(ClusterRepository repository, ProgressListener progress) {
        this.repository = repository;
        this.progress = progress;
    }

    /** The newest backup whose packs are all there. */
    ChosenBase choose() throws IOException {
        for (BackupRecord candidate : repository.backups().reversed()) {
            List<PackSummary> packs = repository.packs(candidate.id());
            List<PackSummary> missing = repository.missing(packs);
            if (missing.isEmpty()) {
                return new ChosenBase(
                        Optional.of(candidate),
                        packs,
                        Optional.empty(),
                        new BackupRecord.Basis(
                                Optional.of(candidate.id()),
                                ChangeSource.READ,
                                candidate.basis().turn() + 1));
            }
            progress.warning("backup " + candidate.id() + " cannot be restored: " + missing.size()
                    + " of its packs are missing or have another size, among them "
                    + missing.getFirst().id()
                    + "; nothing is shared with it");
        }
        return ChosenBase.NONE;
    }
}
