package org.pgark.physical.backup;

import java.util.List;
import org.pgark.repository.BackupRecord;

/**
 * A backup that exists.
 *
 * @param record what the repository's log says of it
 * @param damagedPages the first thousand of the pages with wrong checksums; the record knows how many there are
 * @param statistics what it took
 */
public record BackupOutcome(BackupRecord record, List<DamagedPage> damagedPages, BackupStatistics statistics) {
    public BackupOutcome {
        damagedPages = List.copyOf(damagedPages);
    }
}
