package org.pgark.physical.backup;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A directory, file or link of the running cluster.
 *
 * @param path relative to the data directory, parts joined by slashes, tablespaces under pg_tblspc
 * @param place where it can be read
 * @param status as they were when it was listed
 * @param linkTarget where a link leads, if that is known beforehand
 */
record SourceFile(String path, Path place, FileStatus status, Optional<String> linkTarget) {
    SourceFile(String path, Path place, FileStatus status) {
        this(path, place, status, Optional.empty());
    }
}
