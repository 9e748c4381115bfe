package org.pgark.logical.archive;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A directory archive: {@code toc.dat}, a file for each entry with data, and for large objects a list ({@code OID FILE} a
 * line) beside a file each. Any of them may have been compressed since.
 */
final class DirectoryArchiveReader implements ArchiveReader {
    private final Path directory;
    private final ArchiveHead head;
    private final List<StoredEntry> entries;

    static DirectoryArchiveReader open(Path directory, ArchiveMessages messages) throws IOException {
        try (InputStream toc = openFile(directory, "toc.dat")) {
            ArchiveDecoder decoder = new ArchiveDecoder(toc);
            ArchiveHead head = new HeadReader(decoder, messages, ZoneId.systemDefault()).read(ArchiveFormat.DIRECTORY);
            List<StoredEntry> entries =
                    new TocReader(decoder, messages, () -> new DataPlace.File(decoder.readText())).read();
            return new DirectoryArchiveReader(directory, head, entries);
        }
    }

    private DirectoryArchiveReader(Path directory, ArchiveHead head, List<StoredEntry> entries) {
        this.directory = directory;
        this.head = head;
        this.entries = List.copyOf(entries);
    }

    private static InputStream openFile(Path directory, String name) throws IOException {
        Path path = inside(directory, name);
        try {
            return Decompression.file(path);
        } catch (NoSuchFileException e) {
            throw new ArchiveException("could not open input file \"" + path + "\": No such file or directory", e);
        }
    }

    /** An archive names its files, but none elsewhere. */
    private static Path inside(Path directory, String name) throws ArchiveException {
        if (name.isEmpty() || name.contains("/") || name.equals("..") || name.indexOf('\0') >= 0) {
            throw new ArchiveException("invalid file name \"" + name + "\" in archive");
        }
        return directory.resolve(name);
    }

    @Override
    public ArchiveHead head() {
        return head;
    }

    @Override
    public List<StoredEntry> entries() {
        return entries;
    }

    private static String fileName(StoredEntry entry) {
        return entry.place() instanceof DataPlace.File(String name) ? name : "";
    }

    @Override
    public void readTable(StoredEntry entry, OutputStream out) throws IOException {
        if (!fileName(entry).isEmpty()) {
            readFile(fileName(entry), out);
        }
    }

    private void readFile(String name, OutputStream out) throws IOException {
        try (InputStream data = openFile(directory, name)) {
            data.transferTo(out);
        }
    }

    @Override
    public void readLargeObjects(StoredEntry entry, LargeObjectSink sink) throws IOException {
        // Before 1.16 there was one list, whatever the table of contents calls it.
        String list = head.version().isAtLeast(ArchiveVersion.V1_16) ? fileName(entry) : "blobs.toc";
        Path path = inside(directory, list);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Decompression.file(path), StandardCharsets.ISO_8859_1))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                LargeObjectLine object = LargeObjectLine.parse(line, path.toString());
                try (OutputStream content = sink.begin(object.oid())) {
                    readFile(object.file(), content);
                }
            }
        } catch (NoSuchFileException e) {
            throw new ArchiveException(
                    "could not open large object TOC file \"" + path + "\" for input: No such file or directory", e);
        }
    }

    @Override
    public long size(StoredEntry entry) throws IOException {
        if (fileName(entry).isEmpty()) {
            return 0;
        }
        for (CompressionMethod method : CompressionMethod.values()) {
            Path path = inside(directory, fileName(entry) + method.suffix());
            if (Files.isRegularFile(path)) {
                // A list of large objects is much smaller than they are.
                return Files.size(path) * (entry.entry().is("BLOBS") ? 1024 : 1);
            }
        }
        return 0;
    }

    @Override
    public void setNeeded(IntPredicate dumpIds) {
        // Every file can be read at any time.
    }

    @Override
    public ArchiveReader again() {
        return new DirectoryArchiveReader(directory, head, entries);
    }

    @Override
    public void close() {
        // Nothing stays open.
    }
}
