package org.pgark.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32C;
import org.pgark.embedded.Cluster;
import org.pgark.embedded.ClusterOptions;
import org.pgark.embedded.FileTree;
import org.pgark.embedded.Installation;

/**
 * New clusters without initdb: each is a copy of one that initdb made earlier on this machine, with a system identifier of its
 * own. To copy takes a small part of the time, and the tests need hundreds.
 */
final class ClusterTemplates {
    private static final Object IN_THIS_PROCESS = new Object();
    private static final String SEGMENTS = "0000000100000000*";
    private static final int SMALLEST_CONTROL = 128;
    private static final int LARGEST_CONTROL = 512;

    /** Of the first page of a segment: XLogLongPageHeaderData in access/xlog_internal.h, after 20 bytes and 4 of padding. */
    private static final int IDENTIFIER_IN_SEGMENT = 24;

    private ClusterTemplates() {}

    /** A cluster in {@code home/data} as {@link Cluster#create(Installation, Path, ClusterOptions)} makes one. */
    static Cluster create(Installation installation, Path home, ClusterOptions options) throws IOException {
        if (!options.password().isEmpty()) {
            return Cluster.create(installation, home, options);
        }
        Path data = home.resolve("data");
        copy(template(installation, options), data);
        renewIdentifier(data);
        Cluster cluster = Cluster.existing(installation, data, home.resolve("server.log"));
        cluster.configure(options.settings());
        return cluster;
    }

    private static Path template(Installation installation, ClusterOptions options) throws IOException {
        Path folder = folder();
        Path template = folder.resolve(
                Integer.toHexString(installation.bin().toString().hashCode()) + "-" + installation.version() + "-"
                        + options.walSegmentMegabytes() + (options.checksums() ? "-checksums" : ""));
        synchronized (IN_THIS_PROCESS) {
            if (Files.isDirectory(template)) {
                return template;
            }
            try (FileChannel channel = FileChannel.open(
                            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                Objects.requireNonNull(lock, "lock is null");
                if (!Files.isDirectory(template)) {
                    make(installation, options, template);
                }
            }
        }
        return template;
    }

    /** In a folder that the server's account can enter, and which is moved as a whole. */
    private static void make(Installation installation, ClusterOptions options, Path template) throws IOException {
        Path home = Files.createTempDirectory("pgark-template-");
        try {
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
            ClusterOptions bare = new ClusterOptions(
                    options.checksums(), options.walSegmentMegabytes(), Map.of(), options.password());
            try (Cluster cluster = Cluster.create(installation, home, bare)) {
                Files.move(cluster.dataDirectory(), template, StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            FileTree.delete(home);
        }
    }

    private static Path folder() throws IOException {
        Integer self = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        Path folder = Path.of(System.getProperty("java.io.tmpdir"), "pgark-templates-" + self);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        if (!self.equals(Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS))) {
            throw new IOException("folder \"" + folder + "\" does not belong to the user of this process");
        }
        return folder;
    }

    private static void copy(Path template, Path data) throws IOException {
        ProgramOutcome outcome =
                ProgramOutcome.of(new ProcessBuilder("cp", "-a", template.toString(), data.toString()));
        if (outcome.exitStatus() != 0) {
            throw new IOException("cp failed: " + outcome.errors());
        }
    }

    /** In pg_control and in the segments, which begin with it. */
    private static void renewIdentifier(Path data) throws IOException {
        long identifier = Instant.now().getEpochSecond() << 32
                | ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
        Path control = data.resolve("global/pg_control");
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(control)).order(ByteOrder.LITTLE_ENDIAN);
        int checksumAt = checksumAt(content);
        content.putLong(0, identifier);
        content.putInt(checksumAt, checksum(content, checksumAt));
        overwrite(control, 0, content);
        ByteBuffer inSegment =
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, identifier);
        try (DirectoryStream<Path> segments = Files.newDirectoryStream(data.resolve("pg_wal"), SEGMENTS)) {
            for (Path segment : segments) {
                overwrite(segment, IDENTIFIER_IN_SEGMENT, inSegment.rewind());
            }
        }
    }

    /** Where the structure ends with its CRC-32C, which differs by version: there is but one place where it is right. */
    private static int checksumAt(ByteBuffer control) throws IOException {
        for (int end = SMALLEST_CONTROL; end < LARGEST_CONTROL; end += Integer.BYTES) {
            if (control.getInt(end) == checksum(control, end)) {
                return end;
            }
        }
        throw new IOException("pg_control has no right checksum");
    }

    private static int checksum(ByteBuffer control, int end) {
        CRC32C checksum = new CRC32C();
        checksum.update(control.slice(0, end));
        return (int) checksum.getValue();
    }

    private static void overwrite(Path file, long position, ByteBuffer content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(content, position);
        }
    }
}
