package org.pgark.physical.restore;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.datadir.PostmasterPid;

/** Refuses destinations in which a restore would do harm. */
final class DestinationCheck {
    private static final String HOW_TO_OVERWRITE =
            "Use --delta to keep what already has the right content, or --force to remove everything in it first.";

    private DestinationCheck() {}

    /** Whether a directory is not there, or there is nothing in it. */
    static boolean isEmpty(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return !Files.exists(directory, LinkOption.NOFOLLOW_LINKS);
        }
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(directory, entry -> !entry.endsWith(Leftovers.LOST_AND_FOUND))) {
            return !entries.iterator().hasNext();
        }
    }

    /** The data directory may be written. */
    static void dataDirectory(Path directory, SystemIdentifier system, ExistingFiles existing)
            throws IOException, RefusedException {
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(directory)) {
            throw new RefusedException("not_a_directory", "\"" + directory + "\" is not a directory", "");
        }
        notRunning(directory);
        if (isEmpty(directory)) {
            return;
        }
        if (existing == ExistingFiles.REFUSE) {
            throw new RefusedException("not_empty", "directory \"" + directory + "\" is not empty", HOW_TO_OVERWRITE);
        }
        if (!Files.exists(directory.resolve("PG_VERSION")) && !RestoreMarker.isIn(directory)) {
            throw new RefusedException(
                    "not_a_cluster",
                    "directory \"" + directory + "\" is not empty and is no data directory of PostgreSQL",
                    "Only what a cluster has left is ever removed. Empty the directory by hand if it is the right one.");
        }
        if (existing == ExistingFiles.DELTA) {
            sameCluster(directory, system);
        }
    }

    /** No server runs in the directory. */
    static void notRunning(Path directory) throws IOException, RefusedException {
        Optional<PostmasterPid> server = PostmasterPid.read(directory);
        if (server.isPresent() && server.get().isRunning(directory)) {
            throw new RefusedException(
                    "server_running",
                    "a server (process " + server.get().pid() + ") is running in \"" + directory + "\"",
                    "Stop it first.");
        }
    }

    private static void sameCluster(Path directory, SystemIdentifier system) throws IOException, RefusedException {
        if (!Files.exists(directory.resolve(LeftOut.CONTROL_FILE))) {
            return;
        }
        SystemIdentifier found;
        try {
            found = ControlFile.read(directory).systemIdentifier();
        } catch (org.pgark.postgres.DamagedFileException e) {
            // A damaged cluster is what restores are made for; --delta brings it back.
            return;
        }
        if (!found.equals(system)) {
            throw new RefusedException(
                    "other_cluster",
                    "directory \"" + directory + "\" holds another cluster, with system identifier " + found
                            + " instead of " + system,
                    "Use --force if it may be removed.");
        }
    }

    /** The tablespaces' directories may be written. */
    static void tablespaces(Destination destination, SystemIdentifier system, ExistingFiles existing)
            throws IOException, RefusedException {
        for (Map.Entry<Long, Path> tablespace : destination.tablespaces().entrySet()) {
            Path place = tablespace.getValue();
            if (place.startsWith(destination.dataDirectory())
                    || destination.dataDirectory().startsWith(place)) {
                throw new RefusedException(
                        "tablespace_inside",
                        "tablespace directory \"" + place + "\" and data directory \"" + destination.dataDirectory()
                                + "\" lie one in the other",
                        "Give the tablespace a directory of its own with --tablespace OLD=NEW.");
            }
            long users = destination.tablespaces().values().stream()
                    .filter(place::equals)
                    .count();
            if (users > 1) {
                throw new RefusedException(
                        "tablespace_shared", users + " tablespaces would go to \"" + place + "\"", "");
            }
            if (!isEmpty(place.resolve(destination.versionDirectory()))) {
                occupied(tablespace.getKey(), place, destination, system, existing);
            }
        }
    }

    private static void occupied(
            long oid, Path place, Destination destination, SystemIdentifier system, ExistingFiles existing)
            throws IOException, RefusedException {
        Path link = destination.dataDirectory().resolve("pg_tblspc").resolve(Long.toString(oid));
        boolean ours = Files.isSymbolicLink(link)
                && Files.readSymbolicLink(link).equals(place)
                && holds(destination.dataDirectory(), system);
        if (!ours) {
            throw new RefusedException(
                    "tablespace_in_use",
                    "tablespace directory \"" + place + "\" is not empty and may belong to the original cluster",
                    "Give the tablespace another directory with --tablespace OLD=NEW, or, if no cluster uses \""
                            + place.resolve(destination.versionDirectory()) + "\" any more, remove that.");
        }
        if (existing == ExistingFiles.REFUSE) {
            throw new RefusedException(
                    "not_empty", "tablespace directory \"" + place + "\" is not empty", HOW_TO_OVERWRITE);
        }
    }

    /** Whether a directory holds this cluster, or what an unfinished restore has made of it. */
    private static boolean holds(Path directory, SystemIdentifier system) throws IOException {
        if (RestoreMarker.isIn(directory)) {
            return true;
        }
        if (!Files.exists(directory.resolve(LeftOut.CONTROL_FILE))) {
            return false;
        }
        try {
            return ControlFile.read(directory).systemIdentifier().equals(system);
        } catch (org.pgark.postgres.DamagedFileException e) {
            return false;
        }
    }

    /** The external configuration may be written. */
    static void configuration(Destination destination, ExistingFiles existing) throws RefusedException {
        for (Path place : destination.configuration().values()) {
            if (existing == ExistingFiles.REFUSE && Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                throw new RefusedException(
                        "not_empty",
                        "configuration file \"" + place + "\" exists already",
                        "Name another directory with --config-to, or use --delta or --force.");
            }
        }
    }
}
