package org.pgark.physical.backup;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.storedbackup.CombinedFiles;
import org.pgark.physical.storedbackup.VerificationRequest;
import org.pgark.postgres.label.BackupLabel;
import org.pgark.postgres.manifest.ManifestChecksum;
import org.pgark.postgres.manifest.ManifestFile;

/** Compares files that the last of combined backups has as a whole with its manifest, as they pass by. */
final class ListedChecksums implements ReceivedChecksums {
    private final CombinedFiles files;
    private Optional<String> different = Optional.empty();

    ListedChecksums(CombinedFiles files) {
        this.files = files;
    }

    @Override
    public OutputStream out() {
        return OutputStream.nullOutputStream();
    }

    @Override
    public void received(String path, int crc) {
        if (path.equals(BackupLabel.FILE_NAME) || VerificationRequest.NOT_IN_MANIFESTS.contains(path)) {
            return;
        }
        Optional<ManifestFile> listed = files.listed(path).filter(file -> file.algorithm() == ManifestChecksum.CRC32C);
        if (listed.isPresent()
                && different.isEmpty()
                && Integer.reverseBytes(ByteBuffer.wrap(listed.get().checksum()).getInt()) != crc) {
            different = Optional.of(path);
        }
    }

    @Override
    public void verify() throws FailedException {
        if (different.isPresent()) {
            throw new FailedException(
                    "input_changed",
                    "\"" + different.get() + "\" of backup at \"" + files.last()
                            + "\" was changed after it had been verified",
                    "Nothing was kept of this backup.");
        }
    }
}
