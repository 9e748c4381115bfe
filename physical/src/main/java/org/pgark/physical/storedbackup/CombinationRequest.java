package org.pgark.physical.storedbackup;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.pgark.physical.systemcall.SyncMethod;
import org.pgark.postgres.manifest.ManifestChecksum;

/**
 * What is to be combined, and how.
 *
 * @param backups a full backup and the incremental ones on top of it, oldest first
 * @param output where the full backup is to lie
 * @param tablespaces where tablespaces come to lie, by where they lie in the last backup
 * @param method how whole files are copied
 * @param checksum of the new manifest
 * @param writesManifest whether there is to be one
 * @param dryRun whether nothing is to be written
 * @param sync whether all is made durable in the end
 * @param syncMethod how that is done
 * @param keepsVisibilityMaps whether visibility maps are put together from pieces, although they can be out of date
 */
public record CombinationRequest(
        List<Path> backups,
        Path output,
        Map<Path, Path> tablespaces,
        CopyMethod method,
        ManifestChecksum checksum,
        boolean writesManifest,
        boolean dryRun,
        boolean sync,
        SyncMethod syncMethod,
        boolean keepsVisibilityMaps) {
    public CombinationRequest {
        backups = List.copyOf(backups);
        tablespaces = Map.copyOf(tablespaces);
    }

    Path last() {
        return backups.getLast();
    }
}
