package org.pgark.repository.manifest;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.pgark.repository.frame.ByteDecoder;
import org.pgark.repository.frame.ByteEncoder;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.MalformedBytesException;

/** Manifest entries as bytes: the path is the key in the stream, this is what stands beside it. */
final class ManifestEntryCodec {
    private static final int DIRECTORY = 1;
    private static final int FILE = 2;
    private static final int SYMBOLIC_LINK = 3;

    private static final int CLUSTER_DATA = 0;
    private static final int TABLESPACE = 1;
    private static final int EXTERNAL_CONFIGURATION = 2;

    private static final int EMPTY = 0;
    private static final int STORED = 1;
    private static final int ZEROS = 2;
    private static final int MAPPED = 3;

    private ManifestEntryCodec() {}

    static byte[] key(String path) {
        return path.getBytes(StandardCharsets.UTF_8);
    }

    /** Writes all of an entry but its path. */
    static void encode(ManifestEntry entry, ByteEncoder target) {
        target.putByte(
                switch (entry) {
                    case ManifestEntry.Directory _ -> DIRECTORY;
                    case ManifestEntry.File _ -> FILE;
                    case ManifestEntry.SymbolicLink _ -> SYMBOLIC_LINK;
                });
        putClass(entry.fileClass(), target);
        putAttributes(entry.attributes(), target);
        switch (entry) {
            case ManifestEntry.Directory _ -> {}
            case ManifestEntry.SymbolicLink link -> target.putText(link.target());
            case ManifestEntry.File file -> {
                target.putNumber(file.size());
                putContent(file.content(), target);
                putDamagedPages(file.damagedPages(), target);
            }
        }
    }

    private static void putClass(FileClass fileClass, ByteEncoder target) {
        switch (fileClass) {
            case FileClass.ClusterData _ -> target.putByte(CLUSTER_DATA);
            case FileClass.Tablespace(long oid) -> {
                target.putByte(TABLESPACE);
                target.putNumber(oid);
            }
            case FileClass.ExternalConfiguration _ -> target.putByte(EXTERNAL_CONFIGURATION);
        }
    }

    private static void putAttributes(FileAttributes attributes, ByteEncoder target) {
        target.putNumber(attributes.mode());
        target.putNumber(Integer.toUnsignedLong(attributes.user()));
        target.putNumber(Integer.toUnsignedLong(attributes.group()));
        Instant modified = attributes.modified();
        target.putSigned(modified.getEpochSecond());
        target.putNumber(modified.getNano());
    }

    private static void putContent(FileContent content, ByteEncoder target) {
        switch (content) {
            case FileContent.Empty _ -> target.putByte(EMPTY);
            case FileContent.Single(Extent.Stored(FramePart part)) -> {
                target.putByte(STORED);
                putPart(part, target);
            }
            case FileContent.Single(Extent.Zeros(long length)) -> {
                target.putByte(ZEROS);
                target.putNumber(length);
            }
            case FileContent.Mapped(List<FramePart> maps) -> {
                target.putByte(MAPPED);
                target.putNumber(maps.size());
                maps.forEach(part -> putPart(part, target));
            }
        }
    }

    private static void putPart(FramePart part, ByteEncoder target) {
        target.putAddress(part.frame());
        target.putNumber(part.offset());
        target.putNumber(part.length());
    }

    private static void putDamagedPages(List<Integer> pages, ByteEncoder target) {
        target.putNumber(pages.size());
        long before = 0;
        for (int page : pages) {
            long number = Integer.toUnsignedLong(page);
            target.putNumber(number - before);
            before = number;
        }
    }

    /** Reads an entry. */
    static ManifestEntry decode(byte[] key, ByteDecoder source) throws MalformedBytesException {
        String path = new String(key, StandardCharsets.UTF_8);
        try {
            int kind = source.takeByte();
            FileClass fileClass = takeClass(source);
            FileAttributes attributes = takeAttributes(source);
            ManifestEntry entry = switch (kind) {
                case DIRECTORY -> new ManifestEntry.Directory(path, fileClass, attributes);
                case SYMBOLIC_LINK -> new ManifestEntry.SymbolicLink(path, fileClass, attributes, source.takeText());
                case FILE ->
                    new ManifestEntry.File(
                            path,
                            fileClass,
                            attributes,
                            source.takeNumber(),
                            takeContent(source),
                            takeDamagedPages(source));
                default -> throw new MalformedBytesException("an entry of unknown kind " + kind);
            };
            source.expectEnd();
            return entry;
        } catch (IllegalArgumentException e) {
            throw new MalformedBytesException(String.valueOf(e.getMessage()));
        }
    }

    private static FileClass takeClass(ByteDecoder source) throws MalformedBytesException {
        int fileClass = source.takeByte();
        return switch (fileClass) {
            case CLUSTER_DATA -> new FileClass.ClusterData();
            case TABLESPACE -> new FileClass.Tablespace(source.takeNumber());
            case EXTERNAL_CONFIGURATION -> new FileClass.ExternalConfiguration();
            default -> throw new MalformedBytesException("a file of unknown class " + fileClass);
        };
    }

    private static FileAttributes takeAttributes(ByteDecoder source) throws MalformedBytesException {
        int mode = source.takeNumber(07777, "a mode");
        int user = (int) source.takeNumber();
        int group = (int) source.takeNumber();
        long seconds = source.takeSigned();
        int nanos = source.takeNumber(999_999_999, "a fraction of a second");
        if (seconds < Instant.MIN.getEpochSecond() || seconds > Instant.MAX.getEpochSecond()) {
            throw new MalformedBytesException("a time of " + seconds + " seconds");
        }
        return new FileAttributes(mode, user, group, Instant.ofEpochSecond(seconds, nanos));
    }

    private static FileContent takeContent(ByteDecoder source) throws MalformedBytesException {
        int content = source.takeByte();
        return switch (content) {
            case EMPTY -> new FileContent.Empty();
            case STORED -> new FileContent.Single(new Extent.Stored(takePart(source)));
            case ZEROS -> new FileContent.Single(new Extent.Zeros(source.takeNumber()));
            case MAPPED -> {
                List<FramePart> maps = new ArrayList<>();
                for (int rest = source.takeCount("the number of page maps"); rest > 0; rest--) {
                    maps.add(takePart(source));
                }
                yield new FileContent.Mapped(maps);
            }
            default -> throw new MalformedBytesException("content of unknown kind " + content);
        };
    }

    private static FramePart takePart(ByteDecoder source) throws MalformedBytesException {
        FrameAddress frame = source.takeAddress();
        int offset = source.takeNumber(FrameAddress.MAX_RAW_LENGTH, "an offset in a frame");
        int length = source.takeNumber(FrameAddress.MAX_RAW_LENGTH, "a length in a frame");
        return new FramePart(frame, offset, length);
    }

    private static List<Integer> takeDamagedPages(ByteDecoder source) throws MalformedBytesException {
        List<Integer> pages = new ArrayList<>();
        long page = 0;
        for (int rest = source.takeCount("the number of damaged pages"); rest > 0; rest--) {
            page += source.takeNumber();
            pages.add((int) page);
        }
        return pages;
    }
}
