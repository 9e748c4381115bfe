package org.pgark.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.pgark.embedded.FileTree;
import org.pgark.physical.wal.Spool;
import org.pgark.physical.wal.SpoolRoot;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.Incarnation;
import org.pgark.repository.Repository;
import org.pgark.storage.LocalDirectoryStore;

/** A repository, a spool and pgark's two programs, with which a real server archives; {@code pgark} is a test's JVM. */
final class Archive implements AutoCloseable {
    private static final long IDLE_SECONDS = 60;

    final Path home;
    final Path repository;
    final Spool spool;
    private final Path spools;

    Archive() throws IOException {
        home = Files.createTempDirectory("pgark-archive-").toRealPath();
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        repository = home.resolve("repository");
        spools = home.resolve("spools");
        spool = new SpoolRoot(spools).spool("main");
        Files.createDirectories(home.resolve("bin"));
        Files.copy(Path.of("../dist/src/main/sh/pgark-wal"), home.resolve("bin/pgark-wal"));
        try (Repository _ =
                Repository.create(new LocalDirectoryStore(repository), InstantSource.system(), new SecureRandom())) {
            // Now it is there.
        }
    }

    /** Registers the cluster, as {@code pgark init} does, and makes the launcher for it. */
    void register(Path dataDirectory) throws IOException {
        ControlFile control = ControlFile.read(dataDirectory);
        try (Repository open = open()) {
            open.registerCluster("main", control.systemIdentifier(), control.major(), control.walSegmentSize());
        }
        Path launcher = home.resolve("bin/pgark");
        Files.writeString(
                launcher,
                "#!/bin/sh\nexec '" + System.getProperty("java.home") + "/bin/java' -Xmx128m -XX:+UseSerialGC"
                        + " -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp '"
                        + System.getProperty("java.class.path") + "' org.pgark.agent.WorkerMain '" + dataDirectory
                        + "' 'file:" + repository + "' " + IDLE_SECONDS + "\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Repository open() throws IOException {
        return Repository.open(
                new LocalDirectoryStore(repository), Optional.empty(), InstantSource.system(), new SecureRandom());
    }

    String archiveCommand() {
        return "PGARK_SPOOL=" + spools + " " + home + "/bin/pgark-wal push %p";
    }

    /** For a directory that is not the cluster's own. */
    String restoreCommand() {
        return "PGARK_SPOOL=" + spools + " " + home + "/bin/pgark-wal --cluster main get %f %p";
    }

    boolean contains(String segment) throws IOException {
        try (Repository open = open()) {
            for (Incarnation incarnation : open.cluster("main").incarnations()) {
                if (open.open(incarnation).walArchive().contains(WalSegmentName.parse(segment))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The archived segments of the cluster's newest incarnation. */
    List<String> segments() throws IOException {
        try (Repository open = open()) {
            Incarnation newest = open.cluster("main").newest().orElseThrow();
            var archive = open.open(newest).walArchive();
            return archive.timelines().stream()
                    .flatMap(timeline -> {
                        try {
                            return archive.list(timeline).stream();
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .map(file -> file.name().toString())
                    .toList();
        }
    }

    /** The running worker. */
    Optional<ProcessHandle> worker() throws IOException {
        try {
            return ProcessHandle.of(
                            Long.parseLong(Files.readString(spool.pidFile()).strip()))
                    .filter(ProcessHandle::isAlive);
        } catch (java.nio.file.NoSuchFileException e) {
            return Optional.empty();
        }
    }

    String log() throws IOException {
        return Files.exists(spool.logFile()) ? Files.readString(spool.logFile()) : "";
    }

    /** Ends all workers that this archive's launcher started. */
    @Override
    public void close() throws IOException {
        Leftovers.end(home);
        FileTree.delete(home);
    }
}
