package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.pgark.physical.failure.FailedException;

/** Says that a file of the cluster cannot be read. */
final class UnreadableFile {
    private UnreadableFile() {}

    /** The failure for a path relative to the data directory, or an absolute one. */
    static FailedException failure(String path, IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return new FailedException(
                    "unreadable_file",
                    "cannot read \"" + path + "\" as user \"" + System.getProperty("user.name")
                            + "\": permission denied",
                    "Run the backup as the user that owns the data directory.",
                    cause);
        }
        return new FailedException("unreadable_file", "cannot read \"" + path + "\": " + cause.getMessage(), "", cause);
    }
}
