package org.pgark.physical.backup;

import java.util.List;
import org.pgark.repository.BackupRecord;

/**
 * A backup that exists.
 *
 * @param record what the repository's log says of it
 * @param damagedPages the first thousand of the pages with wrong checksums; the record knows how many there are
 * @param damageOnlyAtServer whether the server found damage in what it sent, none of which is among the pages
 * @param statistics what it took
 */
public record BackupOutcome(
        BackupRecord record, List<DamagedPage> damagedPages, boolean damageOnlyAtServer, BackupStatistics statistics) {
    public BackupOutcome {
        damagedPages = List.copyOf(damagedPages);
    }
}
