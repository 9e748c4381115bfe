package org.pgark.physical.restore;

import java.util.Set;
import org.pgark.repository.manifest.FileClass;
import org.pgark.repository.manifest.ManifestEntry;

/** The files of a backup that are not written as they are: because they come last, or would start a wrong recovery. */
final class LeftOut {
    /** Written when everything else is durable. */
    static final String CONTROL_FILE = "global/pg_control";

    /*
     * The signal files are made anew, or left out, as this restore wants it; recovery.conf makes a server of version 12 and
     * later refuse to start.
     */
    private static final Set<String> PATHS = Set.of(
            CONTROL_FILE,
            "recovery.signal",
            "standby.signal",
            "recovery.conf",
            "recovery.done",
            "postmaster.pid",
            "postmaster.opts",
            RestoreMarker.FILE_NAME);

    private LeftOut() {}

    static boolean isLeftOut(ManifestEntry entry) {
        return entry.fileClass() instanceof FileClass.ClusterData && PATHS.contains(entry.path());
    }
}
