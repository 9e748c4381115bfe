package org.pgark.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
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
    private final String requirement;
    private final List<String> names;
    private String maxBacklog = "";

    /** With one repository. */
    Archive() throws IOException {
        this("all", "repository");
    }

    /** With repositories of these names, of which some are required. */
    Archive(String requirement, String... names) throws IOException {
        this.requirement = requirement;
        this.names = List.of(names);
        home = Files.createTempDirectory("pgark-archive-").toRealPath();
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        repository = home.resolve(names[0]);
        spools = home.resolve("spools");
        spool = new SpoolRoot(spools).spool("main");
        Files.createDirectories(home.resolve("bin"));
        Files.copy(Path.of("../dist/src/main/sh/pgark-wal"), home.resolve("bin/pgark-wal"));
        for (String name : names) {
            make(name);
        }
    }

    /** From so many bytes on that wait the worker does this; to be said before the cluster is registered. */
    Archive limited(long bytes, String action) {
        maxBacklog = bytes + " " + action;
        return this;
    }

    /** Makes one of the repositories, in an empty place. */
    void make(String name) throws IOException {
        try (Repository _ = Repository.create(
                new LocalDirectoryStore(home.resolve(name)), InstantSource.system(), new SecureRandom())) {
            // Now it is there.
        }
    }

    /** Registers the cluster, as {@code pgark init} does, and makes the launcher for it. */
    void register(Path dataDirectory) throws IOException {
        for (String name : names) {
            register(dataDirectory, name);
        }
        Path launcher = home.resolve("bin/pgark");
        Files.writeString(
                launcher,
                "#!/bin/sh\n" + (maxBacklog.isEmpty() ? "" : "export PGARK_TEST_MAX_BACKLOG='" + maxBacklog + "'\n")
                        + "exec '" + System.getProperty("java.home") + "/bin/java' -Xmx128m -XX:+UseSerialGC"
                        + " -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp '"
                        + System.getProperty("java.class.path") + "' org.pgark.agent.WorkerMain '" + dataDirectory
                        + "' '" + urls() + "' " + IDLE_SECONDS + " " + requirement + "\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Registers the cluster in one of the repositories. */
    void register(Path dataDirectory, String name) throws IOException {
        ControlFile control = ControlFile.read(dataDirectory);
        try (Repository open = open(home.resolve(name))) {
            open.registerCluster("main", control.systemIdentifier(), control.major(), control.walSegmentSize());
        }
    }

    private String urls() {
        return names.stream().map(name -> "file:" + home.resolve(name)).collect(Collectors.joining(","));
    }

    Repository open() throws IOException {
        return open(repository);
    }

    private static Repository open(Path place) throws IOException {
        return Repository.open(
                new LocalDirectoryStore(place), Optional.empty(), InstantSource.system(), new SecureRandom());
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
        return segments(repository);
    }

    /** The archived segments in one of several repositories. */
    List<String> segmentsIn(String name) throws IOException {
        return segments(home.resolve(name));
    }

    private static List<String> segments(Path place) throws IOException {
        try (Repository open = open(place)) {
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
