package org.pgark.physical.storedbackup;

import java.util.Arrays;
import org.pgark.postgres.manifest.ManifestFile;

/** Compares a file's checksum with that of the manifest. */
final class ChecksumComparison {
    private ChecksumComparison() {}

    /** @param place where the file is, for messages: empty, or such as {@code  in archive "base.tar"} */
    static void compare(BackupFindings findings, ManifestFile file, byte[] checksum, String place) {
        if (checksum.length != file.checksumBytes()) {
            findings.error("file \"" + file.path() + "\"" + place + " has checksum of length " + file.checksumBytes()
                    + ", but expected " + checksum.length);
        } else if (!Arrays.equals(checksum, file.checksum())) {
            findings.error("checksum mismatch for file \"" + file.path() + "\"" + place);
        }
    }
}
