package org.pgark.physical.wal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.SystemIdentifier;

/**
 * The spool of one cluster; see the package's description for what lies where.
 *
 * @param folder absolute
 */
public record Spool(Path folder) {
    /** The folder below {@code get} for fronts that could not read pg_control. */
    public static final String UNKNOWN_SYSTEM = "unknown";

    static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    public Spool {
        Objects.requireNonNull(folder, "folder is null");
    }

    /**
     * Makes what is missing of the folders.
     *
     * @throws FailedException if somebody else could forge what lies in this spool
     */
    public void make() throws IOException, FailedException {
        Files.createDirectories(push(), PRIVATE);
        Files.createDirectories(gets(), PRIVATE);
        Object owner = Files.getAttribute(folder, "unix:uid");
        Object self = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(folder);
        if (!owner.equals(self)
                || mode.contains(PosixFilePermission.GROUP_WRITE)
                || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new FailedException(
                    "spool_not_private",
                    "spool folder \"" + folder + "\" belongs to user " + owner + " and has mode "
                            + PosixFilePermissions.toString(mode) + ", but only user " + self
                            + " may be able to write to it",
                    "Remove it, it will be made anew, or set PGARK_SPOOL to another folder.");
        }
    }

    /** Where fronts ask for files to be archived, and verdicts are left. */
    public Path push() {
        return folder.resolve("push");
    }

    /** The folders of fetched files, by system identifier. */
    public Path gets() {
        return folder.resolve("get");
    }

    /** Where files of one cluster are fetched to. */
    public Path get(SystemIdentifier system) {
        return gets().resolve(system.toString());
    }

    /** Where the verdict on a file is left. */
    public Path verdict(String name) {
        return push().resolve(name + ".verdict");
    }

    /** The worker's process number. */
    public Path pidFile() {
        return folder.resolve("worker.pid");
    }

    /** Held locked by the worker. */
    public Path lockFile() {
        return folder.resolve("worker.lock");
    }

    /** What the worker tells. */
    public Path logFile() {
        return folder.resolve("worker.log");
    }

    /** What the server's log is to say at each file; absent or empty if nothing. */
    public Path warningFile() {
        return folder.resolve("warning");
    }

    /** Files that were let go though they were not archived as they must be; see {@link ReleasedWal}. */
    public Path releasedFile() {
        return folder.resolve("released");
    }

    /** What the worker has met; see {@link WorkerState}. */
    public Path stateFile() {
        return folder.resolve("state");
    }

    /** Leaves a line that the server's log is to say at each file, or takes it away if it is empty. */
    public void warn(String line) throws IOException {
        if (line.isEmpty()) {
            Files.deleteIfExists(warningFile());
        } else {
            SpoolFile.replace(warningFile(), line + "\n");
        }
    }

    /** Says that a worker is there. */
    public void announce(long pid) throws IOException {
        SpoolFile.replace(pidFile(), pid + "\n");
    }

    /** Leaves for the front what it has to know. */
    public void leave(SpoolSettings settings) throws IOException {
        SpoolFile.replace(folder.resolve("settings"), settings.text());
    }
}
