package org.pgark.repository.manifest;

import java.util.List;

/** One line of a manifest. */
public sealed interface ManifestEntry {
    /** The path: relative to the data directory, or absolute for external configuration. */
    String path();

    /** What it belongs to. */
    FileClass fileClass();

    /** Owner, mode, time. */
    FileAttributes attributes();

    /** A directory. */
    record Directory(String path, FileClass fileClass, FileAttributes attributes) implements ManifestEntry {}

    /** A symbolic link; {@code pg_tblspc/<oid>} of a tablespace is one. */
    record SymbolicLink(String path, FileClass fileClass, FileAttributes attributes, String target)
            implements ManifestEntry {}

    /**
     * A file.
     *
     * @param size in bytes
     * @param content where its bytes are found
     * @param damagedPages the numbers, from the file's beginning, of pages whose checksum was wrong, ascending
     */
    record File(
            String path,
            FileClass fileClass,
            FileAttributes attributes,
            long size,
            FileContent content,
            List<Integer> damagedPages)
            implements ManifestEntry {
        public File {
            damagedPages = List.copyOf(damagedPages);
            boolean fits = content instanceof FileContent.Single single
                    ? single.extent().length() == size
                    : (size == 0) == (content instanceof FileContent.Empty);
            if (size < 0 || !fits) {
                throw new IllegalArgumentException("invalid content of file \"" + path + "\" of " + size + " bytes");
            }
        }
    }
}
