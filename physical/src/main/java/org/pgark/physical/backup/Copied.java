package org.pgark.physical.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.pgark.repository.BackupId;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.manifest.StreamRoot;
import org.pgark.repository.pack.PackSummary;

/**
 * What was copied of a cluster, or came from its server, in packs.
 *
 * @param base with which backup content is shared
 * @param stop what the server said at the end
 * @param wal which WAL is needed, and what of it was copied
 * @param tablespaces whose links are among the files, or are made by recovery
 * @param manifest where the manifest begins
 * @param relationNames where the relations' names begin; empty if nobody knows them
 * @param packs everything that was written
 * @param leftoverPacks what is used of an interrupted backup
 * @param counts how many files and bytes there are
 * @param damage the damaged pages
 * @param owners of the files
 * @param pagesChecked how many pages had their checksum computed
 * @param pagesReadAgain how many of them had to be read more than once
 * @param unexplained how many pages differed from the base for no reason that is known
 */
record Copied(
        ChosenBase base,
        BackupMode.Stop stop,
        BackupRecord.WalSpan wal,
        List<BackupRecord.Tablespace> tablespaces,
        StreamRoot manifest,
        Optional<StreamRoot> relationNames,
        List<PackSummary> packs,
        List<PackSummary> leftoverPacks,
        ManifestAssembly counts,
        DamageReport damage,
        OwnerNames owners,
        long pagesChecked,
        long pagesReadAgain,
        long unexplained) {
    Copied {
        tablespaces = List.copyOf(tablespaces);
        packs = List.copyOf(packs);
        leftoverPacks = List.copyOf(leftoverPacks);
    }

    /** All packs that the backup refers to. */
    List<PackSummary> needed() {
        return base.with(packs, leftoverPacks);
    }

    /**
     * The record that makes a backup of it.
     *
     * @param stopTime all transactions that had ended by then are in it
     * @param packs how many packs it refers to
     */
    BackupRecord record(
            BackupId id,
            BackupRequest request,
            Instant begun,
            Instant stopTime,
            BackupRecord.Server server,
            int packs) {
        return new BackupRecord(
                id,
                base.basis(),
                request.labels(),
                request.note(),
                request.pgarkVersion(),
                request.compression(),
                begun,
                stopTime,
                wal,
                server,
                new BackupRecord.Size(counts.files(), counts.rawBytes(), storedBytes(), packs, damage.count()),
                manifest,
                relationNames);
    }

    BackupStatistics statistics(Duration startTook, Duration copyTook, Duration archiveTook) {
        return new BackupStatistics(
                counts.files(),
                counts.rawBytes(),
                counts.zeroBytes(),
                storedBytes(),
                counts.vanished(),
                pagesChecked,
                pagesReadAgain,
                unexplained,
                startTook,
                copyTook,
                archiveTook);
    }

    private long storedBytes() {
        return packs.stream().mapToLong(PackSummary::size).sum();
    }
}
