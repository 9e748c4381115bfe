package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.remote.RemoteFileSystem;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.Incarnation;

/** What must be true before a backup is begun; each refusal says what to do. */
final class BackupChecks {
    private final SourceServer server;
    private final Path dataDirectory;
    private final boolean receivedWal;

    BackupChecks(SourceServer server, Path dataDirectory) {
        this(server, dataDirectory, false);
    }

    /** @param receivedWal whether WAL reaches the repository without the server's archiving */
    BackupChecks(SourceServer server, Path dataDirectory, boolean receivedWal) {
        this.receivedWal = receivedWal;
        this.server = server;
        this.dataDirectory = dataDirectory;
    }

    /** Makes sure that server, data directory and repository are of one cluster, and that a backup can become complete. */
    ControlFile passed(Incarnation incarnation, Optional<Path> repositoryPlace) throws OperationException, IOException {
        if (dataDirectory.getFileSystem() instanceof RemoteFileSystem remote) {
            sameServer(remote);
        } else {
            sameDirectory();
        }
        ControlFile control = control();
        sameSystem(control, incarnation);
        if (!RemoteFileSystem.has(dataDirectory)) {
            new LocalServer(dataDirectory, server.startTime(), server.inRecovery()).require(control);
        }
        if (!server.inRecovery()) {
            archiving();
        }
        repositoryOutside(repositoryPlace);
        return control;
    }

    private void sameServer(RemoteFileSystem files) throws RefusedException {
        if (!files.serverStart().equals(server.startTime())) {
            throw new RefusedException(
                    "other_server",
                    "the connections of this backup lead to different servers",
                    "Name one host in the cluster's connection.");
        }
    }

    private void sameDirectory() throws OperationException, IOException {
        if (!Files.isDirectory(dataDirectory)) {
            throw new RefusedException(
                    "no_data_directory",
                    "data directory \"" + dataDirectory + "\" does not exist on this host",
                    "Set pgdata to \"" + server.dataDirectory() + "\", and run the backup on the database's host.");
        }
        boolean same;
        try {
            same = Files.isSameFile(dataDirectory, server.dataDirectory());
        } catch (NoSuchFileException e) {
            same = false;
        } catch (AccessDeniedException e) {
            throw UnreadableFile.failure(server.dataDirectory().toString(), e);
        }
        if (!same) {
            throw new RefusedException(
                    "other_data_directory",
                    "the connection's server has data directory \"" + server.dataDirectory() + "\", not \""
                            + dataDirectory + "\"",
                    "Correct pgdata or the connection of this cluster, so that both mean the same server.");
        }
    }

    private ControlFile control() throws FailedException, IOException {
        try {
            return ControlFile.read(dataDirectory);
        } catch (AccessDeniedException e) {
            throw UnreadableFile.failure(ControlFile.in(dataDirectory).toString(), e);
        }
    }

    private void sameSystem(ControlFile control, Incarnation incarnation) throws RefusedException {
        if (!control.systemIdentifier().equals(server.systemIdentifier())) {
            throw new RefusedException(
                    "other_system",
                    "data directory \"" + dataDirectory + "\" has system identifier " + control.systemIdentifier()
                            + ", but the connection's server has " + server.systemIdentifier(),
                    "The directory was replaced under the running server. Restart the server first.");
        }
        requireSameSystem(incarnation, server.systemIdentifier(), control.walSegmentSize());
    }

    /** Refuses a server that is not the one that the repository knows the cluster by. */
    static void requireSameSystem(Incarnation incarnation, SystemIdentifier system, WalSegmentSize segmentSize)
            throws RefusedException {
        if (!incarnation.systemIdentifier().equals(system)) {
            throw new RefusedException(
                    "other_system",
                    "cluster \"" + incarnation.name() + "\" is known with system identifier "
                            + incarnation.systemIdentifier() + ", but the server has " + system,
                    "If the cluster was initialised anew, register it with \"pgark init --cluster " + incarnation.name()
                            + "\"; otherwise correct the connection.");
        }
        if (!incarnation.segmentSize().equals(segmentSize)) {
            throw new RefusedException(
                    "other_segment_size",
                    "cluster \"" + incarnation.name() + "\" is known with WAL segments of "
                            + incarnation.segmentSize().bytes() + " bytes, but the server's have "
                            + segmentSize.bytes(),
                    "The size was changed by pg_resetwal. Initialise a cluster of another name in the repository.");
        }
    }

    private void archiving() throws RefusedException {
        requireArchiving(server.walLevel(), server.archiveMode(), server.archives(), receivedWal);
    }

    /** Refuses a primary whose WAL never reaches the repository. */
    static void requireArchiving(String walLevel, String archiveMode, boolean archives, boolean receivedWal)
            throws RefusedException {
        if (walLevel.equals("minimal")) {
            throw new RefusedException(
                    "wal_level",
                    "wal_level is \"minimal\", which does not keep what a backup needs",
                    "Set wal_level to \"replica\" and restart the server.");
        }
        if (receivedWal) {
            return;
        }
        if (archiveMode.equals("off")) {
            throw new RefusedException(
                    "archive_mode",
                    "archive_mode is \"off\", so that no WAL reaches the repository",
                    "Run \"pgark init --apply\", or set archive_mode to \"on\", and restart the server; or let \"pgark"
                            + " wal receive\" bring it there, and set receive.slot of the cluster in the configuration.");
        }
        if (!archives) {
            throw new RefusedException(
                    "archive_command",
                    "archive_command is empty, so that no WAL reaches the repository",
                    "Run \"pgark init --apply\", or set archive_command as \"pgark init\" prints it, and reload the"
                            + " server's configuration.");
        }
    }

    private void repositoryOutside(Optional<Path> repositoryPlace) throws RefusedException, IOException {
        if (repositoryPlace.isEmpty() || RemoteFileSystem.has(dataDirectory)) {
            return;
        }
        Path folder = repositoryPlace.get();
        if (Files.exists(folder) && folder.toRealPath().startsWith(dataDirectory.toRealPath())) {
            throw new RefusedException(
                    "repository_inside",
                    "repository \"" + folder + "\" lies inside the data directory \"" + dataDirectory + "\"",
                    "Move the repository to another place, best to another machine.");
        }
    }
}
