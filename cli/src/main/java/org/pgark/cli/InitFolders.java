package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.configuration.ConfigurationEdit;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.cli.process.Owner;

/** What root prepares for the owner of a cluster: a configuration file to read, folders for repository and spool. */
final class InitFolders {
    private static final Path SPOOLS = Path.of("/var/spool/pgark");

    private final ClusterConfiguration cluster;
    private final ConfigurationEdit edit;
    private final Owner owner;

    InitFolders(ClusterConfiguration cluster, ConfigurationEdit edit, Owner owner) {
        this.cluster = cluster;
        this.edit = edit;
        this.owner = owner;
    }

    void make() throws IOException {
        if (edit.created()) {
            Files.setAttribute(edit.file(), "unix:gid", owner.groupId());
            Files.setPosixFilePermissions(edit.file(), PosixFilePermissions.fromString("rw-r-----"));
        }
        for (RepositoryConfiguration repository : cluster.repositories()) {
            Optional<Path> place = repository.url().localDirectory();
            if (place.isPresent()) {
                give(place.get());
            }
        }
        if (System.getenv().getOrDefault("PGARK_SPOOL", "").isEmpty()) {
            give(SPOOLS);
        } else {
            give(Path.of(System.getenv("PGARK_SPOOL")));
        }
    }

    /** Makes a folder where there is none, and gives the owner what was made. */
    private void give(Path folder) throws IOException {
        if (Files.exists(folder)) {
            return;
        }
        List<Path> made = new ArrayList<>();
        for (Path path = folder; path != null && !Files.exists(path); path = path.getParent()) {
            made.addFirst(path);
        }
        for (Path path : made) {
            Files.createDirectory(path);
            boolean last = path.equals(folder);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(last ? "rwx------" : "rwxr-xr-x"));
            if (last) {
                owner.takeOver(path);
            }
        }
    }
}
