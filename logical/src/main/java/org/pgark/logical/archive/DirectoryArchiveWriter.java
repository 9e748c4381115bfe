package org.pgark.logical.archive;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.pgark.postgres.wire.WireConnection;

/**
 * Writes a directory archive, over several connections if that is wanted. {@code toc.dat} comes last: without it the folder
 * is no archive.
 */
public final class DirectoryArchiveWriter {
    private static final int BUFFER = 64 << 10;

    private final Path directory;
    private final Compression compression;
    private final boolean durable;
    private final ArchiveMessages messages;

    private DirectoryArchiveWriter(Path directory, Compression compression, boolean durable, ArchiveMessages messages) {
        this.directory = directory;
        this.compression = compression;
        this.durable = durable;
        this.messages = messages;
    }

    /** Makes the folder; an empty one that is there already is taken. */
    public static DirectoryArchiveWriter to(
            Path directory, Compression compression, boolean durable, ArchiveMessages messages) throws IOException {
        try {
            if (Files.isDirectory(directory)) {
                try (Stream<Path> files = Files.list(directory)) {
                    if (files.findAny().isPresent()) {
                        throw new ArchiveException("directory \"" + directory + "\" is not empty");
                    }
                }
            } else {
                Files.createDirectory(directory);
            }
        } catch (NotDirectoryException | java.nio.file.FileAlreadyExistsException e) {
            throw new ArchiveException("could not create directory \"" + directory + "\": File exists", e);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new ArchiveException(
                    "could not create directory \"" + directory + "\": No such file or directory", e);
        } catch (java.nio.file.AccessDeniedException e) {
            throw new ArchiveException("could not create directory \"" + directory + "\": Permission denied", e);
        }
        return new DirectoryArchiveWriter(directory, compression, durable, messages);
    }

    /** Writes all over the dump's own connection. */
    public void write(Dump dump) throws IOException {
        ArchiveVersion version = ArchiveVersion.writtenBy(dump.head().release());
        try (WriteBehind behind = new WriteBehind()) {
            for (DumpItem item : dump.items()) {
                if (item.data().isPresent()) {
                    writeData(item, dump.connection(), version, behind);
                }
            }
        }
        writeToc(dump, version);
    }

    /** Writes the data over so many connections of workers, what is largest first. */
    public void write(Dump dump, int workers, WorkerConnections connections) throws IOException {
        ArchiveVersion version = ArchiveVersion.writtenBy(dump.head().release());
        List<DumpItem> largestFirst = dump.items().stream()
                .filter(item -> item.data().isPresent())
                .sorted(Comparator.comparingLong(
                                (DumpItem item) -> -item.data().orElseThrow().size())
                        .thenComparingInt(item -> item.entry().dumpId()))
                .toList();
        new ParallelDump(connections, messages).run(largestFirst, workers, dump.connection(), (item, connection) -> {
            try (WriteBehind behind = new WriteBehind()) {
                writeData(item, connection, version, behind);
            }
        });
        writeToc(dump, version);
    }

    private void writeData(DumpItem item, WireConnection connection, ArchiveVersion version, WriteBehind behind)
            throws IOException {
        switch (item.data().orElseThrow()) {
            case TableData table -> {
                try (OutputStream file = behind.before(open(fileName(item, version)))) {
                    table.write(connection, file);
                }
            }
            case LargeObjectData objects -> {
                try (OutputStream list = plain(fileName(item, version))) {
                    objects.write(connection, oid -> {
                        list.write(LargeObjectLine.of(oid).getBytes(StandardCharsets.US_ASCII));
                        return behind.before(open(LargeObjectLine.fileName(oid)));
                    });
                }
            }
        }
    }

    static String fileName(DumpItem item, ArchiveVersion version) {
        int dumpId = item.entry().dumpId();
        return switch (item.data().orElseThrow()) {
            case TableData _ -> dumpId + ".dat";
            case LargeObjectData _ ->
                version.isAtLeast(ArchiveVersion.V1_16) ? "blobs_" + dumpId + ".toc" : "blobs.toc";
        };
    }

    private OutputStream plain(String name) throws IOException {
        Path path = directory.resolve(name);
        try {
            return new BufferedOutputStream(OutputFile.open(path), BUFFER);
        } catch (IOException e) {
            throw new ArchiveException("could not open output file \"" + path + "\": " + e.getMessage(), e);
        }
    }

    private OutputStream open(String name) throws IOException {
        return compression.file(plain(name + compression.method().suffix()));
    }

    private void writeToc(Dump dump, ArchiveVersion version) throws IOException {
        String unfinished = "toc.dat.tmp";
        try (OutputStream toc = plain(unfinished)) {
            ArchiveEncoder encoder =
                    new ArchiveEncoder(toc, version, dump.head().charset());
            encoder.writeHead(dump.head(), ArchiveFormat.DIRECTORY, compression);
            encoder.writeToc(
                    dump.items(),
                    dump.connection(),
                    item -> encoder.writeAscii(item.data().isPresent() ? fileName(item, version) : ""));
        }
        if (durable) {
            DurableFolder.syncFiles(directory);
        }
        Files.move(directory.resolve(unfinished), directory.resolve("toc.dat"), StandardCopyOption.ATOMIC_MOVE);
        if (durable) {
            DurableFolder.sync(directory.resolve("toc.dat"));
            DurableFolder.sync(directory);
        }
    }
}
