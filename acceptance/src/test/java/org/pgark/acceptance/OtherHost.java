package org.pgark.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What another host has of its own: a configuration that says where the data directory lies there, and a spool. The
 * repository and the cluster's name are the same. Closing it ends the worker there.
 */
final class OtherHost implements AutoCloseable {
    private final Path folder;

    private OtherHost(Path folder) {
        this.folder = folder;
    }

    /** Set up like the host of this cluster, for another data directory. */
    static OtherHost like(ProtectedCluster first, Path dataDirectory) throws IOException {
        Path folder = Files.createDirectory(first.place("other-host"));
        String configuration = Files.readString(first.folder().resolve("pgark.toml"));
        Files.writeString(
                folder.resolve("pgark.toml"),
                configuration.replace(first.cluster().dataDirectory().toString(), dataDirectory.toString()));
        return new OtherHost(folder);
    }

    /** How the server there archives. */
    String archiveCommand() {
        return "PGARK_SPOOL=" + folder.resolve("spool") + " " + ProtectedCluster.program("pgark-wal") + " --config "
                + folder.resolve("pgark.toml") + " push %p";
    }

    @Override
    public void close() throws IOException {
        Path file = folder.resolve("spool/main/worker.pid");
        if (Files.exists(file)) {
            Optional<ProcessHandle> worker =
                    ProcessHandle.of(Long.parseLong(Files.readString(file).strip()));
            worker.ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
