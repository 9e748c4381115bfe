package org.pgark.logical.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Writes a tar archive; see {@link TarArchiveReader}. */
public final class TarArchiveWriter implements AutoCloseable {
    /** Writes the script that ends the archive. */
    @FunctionalInterface
    public interface RestoreScript {
        /** Writes it; where data belongs, stands the name of its file. */
        void write(OutputStream out, FileNames files) throws IOException;
    }

    /** The files that data is in. */
    @FunctionalInterface
    public interface FileNames {
        /** The name of the file with an item's data. */
        String of(DumpItem item);
    }

    private final ArchiveOutput out;
    private final boolean durable;

    private TarArchiveWriter(ArchiveOutput out, boolean durable) {
        this.out = out;
        this.durable = durable;
    }

    /** Writes to a file, which is emptied now. */
    public static TarArchiveWriter to(Path file, boolean durable) throws IOException {
        return new TarArchiveWriter(ArchiveOutput.open(file), durable);
    }

    /** Writes to standard output. */
    public static TarArchiveWriter to(OutputStream stream) {
        return new TarArchiveWriter(ArchiveOutput.of(stream), false);
    }

    /** Writes all; it is an archive only when this returns. */
    public void write(Dump dump, RestoreScript script) throws IOException {
        ArchiveVersion version = ArchiveVersion.writtenBy(dump.head().release());
        TarOutput tar = new TarOutput(out, dump.head().created().toEpochSecond());
        try (OutputStream toc = tar.begin("toc.dat")) {
            ArchiveEncoder encoder =
                    new ArchiveEncoder(toc, version, dump.head().charset());
            encoder.writeHead(dump.head(), ArchiveFormat.TAR, Compression.NONE);
            encoder.writeToc(
                    dump.items(),
                    dump.connection(),
                    item -> encoder.writeAscii(item.data().isPresent() ? fileName(item) : ""));
        }
        for (DumpItem item : dump.items()) {
            if (item.data().isPresent()) {
                writeData(item, dump, version, tar);
            }
        }
        try (OutputStream member = tar.begin("restore.sql")) {
            script.write(member, TarArchiveWriter::fileName);
        }
        tar.end();
        out.commit(tar.firstHeader(), durable);
    }

    private static String fileName(DumpItem item) {
        return item.entry().dumpId() + ".dat";
    }

    private static void writeData(DumpItem item, Dump dump, ArchiveVersion version, TarOutput tar) throws IOException {
        switch (item.data().orElseThrow()) {
            case TableData table -> {
                // A member that is broken off is never closed, so that it does not look whole.
                OutputStream member = tar.begin(fileName(item));
                table.write(dump.connection(), member);
                member.close();
            }
            case LargeObjectData objects -> {
                StringBuilder list = new StringBuilder();
                objects.write(dump.connection(), oid -> {
                    list.append(LargeObjectLine.of(oid));
                    return tar.begin(LargeObjectLine.fileName(oid));
                });
                tar.add(DirectoryArchiveWriter.fileName(item, version), list.toString());
            }
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
