package org.pgark.physical.storedbackup;

import org.pgark.postgres.manifest.ManifestChecksum;
import org.pgark.postgres.manifest.ManifestFile;

/** A file that the manifest names, and what is known of it. */
final class ExpectedFile {
    private final ManifestFile file;
    private boolean found;
    private boolean bad;

    ExpectedFile(ManifestFile file) {
        this.file = file;
    }

    ManifestFile file() {
        return file;
    }

    boolean isFound() {
        return found;
    }

    void setFound() {
        found = true;
    }

    void setBad() {
        bad = true;
    }

    boolean isToBeRead() {
        return found && !bad && file.algorithm() != ManifestChecksum.NONE;
    }
}
