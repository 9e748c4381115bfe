package org.pgark.physical.backup;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.physical.change.ChangeMap;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.pack.PackSummary;

/**
 * With which backup a new one shares content, and what is known of the changes since.
 *
 * @param record of the base; empty if nothing is shared
 * @param packs all packs that the base needs
 * @param changes what may have changed since the base; empty if that is not known
 * @param basis the same for the record of the new backup
 */
record ChosenBase(
        Optional<BackupRecord> record, List<PackSummary> packs, Optional<ChangeMap> changes, BackupRecord.Basis basis) {
    /** Nothing is shared. */
    static final ChosenBase NONE =
            new ChosenBase(Optional.empty(), List.of(), Optional.empty(), BackupRecord.Basis.NONE);

    ChosenBase {
        packs = List.copyOf(packs);
    }

    /** The packs that the new backup needs: those of the base, its own, and those that it took over. */
    List<PackSummary> with(List<PackSummary> own, List<PackSummary> takenOver) {
        Map<ObjectId, PackSummary> all = new LinkedHashMap<>();
        packs.forEach(pack -> all.put(pack.id(), pack));
        takenOver.forEach(pack -> all.put(pack.id(), pack));
        own.forEach(pack -> all.put(pack.id(), pack));
        return new ArrayList<>(all.values());
    }
}
