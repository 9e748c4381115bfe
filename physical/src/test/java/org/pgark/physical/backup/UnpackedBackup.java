package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.pgark.postgres.label.TablespaceMap;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.repository.manifest.ManifestReader;
import org.pgark.repository.manifest.RelationName;
import org.pgark.repository.manifest.RelationNamesReader;
import org.pgark.repository.pack.FrameReader;

/** Reads a backup back, file by file, with nothing but the repository's readers. */
final class UnpackedBackup {
    private final ClusterRepository repository;
    private final BackupRecord record;

    UnpackedBackup(ClusterRepository repository, BackupRecord record) {
        this.repository = repository;
        this.record = record;
    }

    /** All entries by path; their order is checked by the reader. */
    Map<String, ManifestEntry> entries() throws IOException {
        Map<String, ManifestEntry> entries = new TreeMap<>(PathOrder.BYTEWISE);
        try (FrameReader frames = repository.frameReader()) {
            ManifestReader.Cursor cursor = new ManifestReader(frames, record.manifest()).entries();
            for (Optional<ManifestEntry> entry = cursor.next(); entry.isPresent(); entry = cursor.next()) {
                entries.put(entry.get().path(), entry.get());
            }
        }
        return entries;
    }

    byte[] content(String path) throws IOException {
        try (FrameReader frames = repository.frameReader()) {
            ManifestReader manifest = new ManifestReader(frames, record.manifest());
            ManifestEntry.File file =
                    (ManifestEntry.File) manifest.find(path).orElseThrow(() -> new IOException("no " + path));
            ByteBuffer content = ByteBuffer.allocate((int) file.size());
            ManifestReader.ExtentCursor extents = manifest.extents(file);
            for (Optional<Extent> extent = extents.next(); extent.isPresent(); extent = extents.next()) {
                switch (extent.get()) {
                    case Extent.Zeros zeros -> content.position(content.position() + (int) zeros.length());
                    case Extent.Stored stored -> {
                        byte[] raw = new byte[stored.part().frame().rawLength()];
                        frames.read(stored.part().frame(), raw);
                        content.put(raw, stored.part().offset(), stored.part().length());
                    }
                }
            }
            return content.array();
        }
    }

    List<RelationName> relations() throws IOException {
        List<RelationName> relations = new ArrayList<>();
        try (FrameReader frames = repository.frameReader()) {
            RelationNamesReader.Cursor cursor =
                    new RelationNamesReader(frames, record.relationNames().orElseThrow()).relations();
            for (Optional<RelationName> next = cursor.next(); next.isPresent(); next = cursor.next()) {
                relations.add(next.get());
            }
        }
        return relations;
    }

    /** Writes the data directory; tablespaces go to folders beside it. */
    void writeTo(Path directory) throws IOException {
        Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (ManifestEntry entry : entries().values()) {
            if (entry.path().startsWith("/") || entry.path().equals(TablespaceMap.FILE_NAME)) {
                continue;
            }
            Path place = directory.resolve(entry.path());
            switch (entry) {
                case ManifestEntry.Directory folder -> Files.createDirectory(place);
                case ManifestEntry.SymbolicLink link -> {
                    Path space = directory.resolveSibling("space-" + place.getFileName());
                    Files.createDirectory(space);
                    Files.createSymbolicLink(place, space);
                }
                case ManifestEntry.File file -> {
                    try (FileChannel channel =
                            FileChannel.open(place, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                        ByteBuffer content = ByteBuffer.wrap(content(file.path()));
                        while (content.hasRemaining()) {
                            channel.write(content);
                        }
                    }
                }
            }
            if (!Files.isSymbolicLink(place)) {
                Files.setAttribute(place, "unix:mode", entry.attributes().mode());
            }
        }
    }
}
