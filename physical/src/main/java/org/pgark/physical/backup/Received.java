package org.pgark.physical.backup;

import java.util.List;
import org.pgark.postgres.control.ControlFile;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.manifest.StreamRoot;
import org.pgark.repository.pack.PackSummary;

/**
 * What a server streamed, in packs.
 *
 * @param base with which backup content is shared
 * @param stop how the server ended the backup
 * @param wal which WAL is needed, and what of it was received
 * @param control pg_control as the backup has it
 * @param standby whether it is of a standby
 * @param tablespaces whose links are among the files
 * @param manifest where the manifest begins
 * @param relationNames where the relations' names begin
 * @param packs everything that was written
 * @param leftoverPacks what is used of an interrupted backup
 * @param counts how many files and bytes there are
 * @param damage the damaged pages
 * @param damageOnlyAtServer whether the server found damage, but none is among these pages
 * @param owners of the files
 * @param pagesChecked how many pages had their checksum computed
 * @param unexplained how many pages differed from the base for no reason that is known
 * @param startedNanos when the server's checkpoint was over, by System.nanoTime()
 */
record Received(
        ChosenBase base,
        BackupMode.Stop stop,
        BackupRecord.WalSpan wal,
        ControlFile control,
        boolean standby,
        List<BackupRecord.Tablespace> tablespaces,
        StreamRoot manifest,
        StreamRoot relationNames,
        List<PackSummary> packs,
        List<PackSummary> leftoverPacks,
        ManifestAssembly counts,
        DamageReport damage,
        boolean damageOnlyAtServer,
        OwnerNames owners,
        long pagesChecked,
        long unexplained,
        long startedNanos) {
    Received {
        tablespaces = List.copyOf(tablespaces);
        packs = List.copyOf(packs);
        leftoverPacks = List.copyOf(leftoverPacks);
    }

    long storedBytes() {
        return packs.stream().mapToLong(PackSummary::size).sum();
    }
}
