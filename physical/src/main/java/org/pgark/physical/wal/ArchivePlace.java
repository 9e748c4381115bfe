package org.pgark.physical.wal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which repository an archive is in, and how that is known.
 *
 * @param repository the repository's id; of several, the name and the id of each that has it
 * @param configuration the absolute path of the configuration file that names it; empty if there is none
 * @param state the state of that file, as {@link FileIdentity} has it, before it was read; empty if there is none
 */
public record ArchivePlace(String repository, String configuration, String state) {
    /** The place of a repository that the file of this state names. */
    public static ArchivePlace of(String repository, Configured configured) {
        return new ArchivePlace(repository, configured.path(), configured.state());
    }

    /**
     * A state of a configuration file.
     *
     * @param path its absolute path; empty if there is none
     * @param state as {@link FileIdentity} has it
     */
    public record Configured(String path, String state) {
        /** The present state. */
        public static Configured now(Optional<Path> file) throws IOException {
            if (file.isEmpty()) {
                return new Configured("", "");
            }
            Path absolute = file.get().toAbsolutePath().normalize();
            return new Configured(absolute.toString(), FileIdentity.of(absolute).toString());
        }
    }
}
