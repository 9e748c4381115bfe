package org.pgark.physical.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.pgark.postgres.PostgresMajor;
import org.pgark.repository.manifest.FileAttributes;

/** The directories under pg_wal, which a server expects to be there. */
final class WalDirectory {
    private WalDirectory() {}

    /** Those of a directory, which its group can read exactly where it can read the files of the cluster. */
    static FileAttributes attributes(FileAttributes likeFile) {
        int mode = (likeFile.mode() & 0040) == 0 ? 0700 : 0750;
        return new FileAttributes(mode, likeFile.user(), likeFile.group(), likeFile.modified());
    }

    /** Makes the directories that are not there. */
    static void settle(Path dataDirectory, FileAttributes attributes, PostgresMajor major, Ownership ownership)
            throws IOException {
        List<String> directories = new ArrayList<>(List.of("pg_wal", "pg_wal/archive_status"));
        if (major.number() >= 17) {
            directories.add("pg_wal/summaries");
        }
        for (String directory : directories) {
            Path place = dataDirectory.resolve(directory);
            if (!Files.isDirectory(place)) {
                Files.createDirectory(place, PosixFilePermissions.asFileAttribute(Ownership.newDirectory(attributes)));
                ownership.settle(place, attributes);
            }
        }
    }
}
