package org.pgark.physical.backup;

import java.nio.file.Path;

/**
 * A directory, file or link of the running cluster.
 *
 * @param path relative to the data directory, parts joined by slashes, tablespaces under pg_tblspc
 * @param place where it can be read
 * @param status as they were when it was listed
 */
record SourceFile(String path, Path place, FileStatus status) {}
