package org.pgark.physical.restore;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.pgark.repository.manifest.FileAttributes;

/**
 * One file that is being restored. Ranges may be written by several threads; the last part that is done
 * finishes the file.
 */
final class FileTarget {
    private static final int PAGE = 8192;

    private final Path place;
    private final long size;
    private final FileAttributes attributes;
    private final Ownership ownership;
    private final FileChannel channel;
    private final Optional<DirectAccess> direct;

    /** How much of the file was there before; nothing for a new one. */
    private final long present;

    private final AtomicInteger partsLeft;

    private volatile boolean abandoned;

    private FileTarget(
            Path place,
            long size,
            FileAttributes attributes,
            Ownership ownership,
            FileChannel channel,
            Optional<DirectAccess> direct,
            long present) {
        this.place = place;
        this.size = size;
        this.attributes = attributes;
        this.ownership = ownership;
        this.channel = channel;
        this.direct = direct;
        this.present = present;
        this.partsLeft = new AtomicInteger(1);
    }

    /**
     * Opens a file for writing, with one part outstanding.
     *
     * @param keep whether a regular file that is there is compared and changed in place; otherwise there must be none
     */
    static FileTarget open(Path place, long size, FileAttributes attributes, Ownership ownership, boolean keep)
            throws IOException {
        if (keep) {
            long present = prepare(place);
            if (present >= 0) {
                FileChannel channel = FileChannel.open(place, StandardOpenOption.READ, StandardOpenOption.WRITE);
                if (present > size) {
                    channel.truncate(size);
                }
                return new FileTarget(
                        place, size, attributes, ownership, channel, Optional.empty(), Math.min(present, size));
            }
        }
        FileChannel channel = FileChannel.open(
                place,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                PosixFilePermissions.asFileAttribute(Ownership.newFile(attributes)));
        return new FileTarget(place, size, attributes, ownership, channel, DirectAccess.of(place, size), 0);
    }

    /*
     * A file with a second name may be part of another cluster (pg_upgrade --link, a copy made of hard links), so that it
     * must not be changed in place.
     */
    private static long prepare(Path place) throws IOException {
        Map<String, Object> now;
        try {
            now = Files.readAttributes(place, "unix:isRegularFile,nlink", LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return -1;
        }
        if (!Boolean.TRUE.equals(now.get("isRegularFile"))
                || !Integer.valueOf(1).equals(now.get("nlink"))) {
            FileRemoval.remove(place);
            return -1;
        }
        if (!Files.isWritable(place) || !Files.isReadable(place)) {
            Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rw-------"));
        }
        return Files.size(place);
    }

    /**
     * Makes sure that the file has these bytes at this offset.
     *
     * @param compared room for at least as many bytes, if the file was there before
     * @return how many bytes had to be written
     */
    long write(long offset, ByteBuffer bytes, ByteBuffer compared) throws IOException {
        int length = bytes.remaining();
        int known = Math.clamp(present - offset, 0, length);
        if (known == 0) {
            writeFully(offset, bytes);
            return length;
        }
        readFully(offset, compared.clear().limit(known));
        compared.flip();
        int start = bytes.position();
        long written = 0;
        for (int at = 0; at < length; at += PAGE) {
            int end = Math.min(at + PAGE, length);
            boolean same = end <= known && bytes.slice(start + at, end - at).mismatch(compared.slice(at, end - at)) < 0;
            if (!same) {
                writeFully(offset + at, bytes.slice(start + at, end - at));
                written += end - at;
            }
        }
        return written;
    }

    /** Makes sure that a range reads as zero bytes; beyond what was there it stays unwritten. */
    long zeros(long offset, long length, ByteBuffer compared) throws IOException {
        long written = 0;
        long end = Math.min(offset + length, present);
        ByteBuffer zeros = ByteBuffer.allocate(PAGE);
        for (long at = offset; at < end; at += PAGE) {
            int part = (int) Math.min(PAGE, end - at);
            written += write(at, zeros.clear().limit(part), compared);
        }
        return written;
    }

    /** Whether {@link #writeDirectly} passes the page cache by. */
    boolean isDirect() {
        return direct.isPresent();
    }

    /**
     * Writes to a new file, past the page cache where that can be.
     *
     * @param bytes at an address that stands to {@link DirectPiece#GRAIN} as the offset does
     */
    void writeDirectly(long offset, ByteBuffer bytes) throws IOException {
        long end = offset + bytes.remaining();
        long from = Math.ceilDiv(offset, (long) DirectPiece.GRAIN) * DirectPiece.GRAIN;
        long to = end - end % DirectPiece.GRAIN;
        if (direct.isEmpty() || from >= to) {
            writeFully(offset, bytes);
            return;
        }
        int start = bytes.position();
        int first = start + (int) (from - offset);
        int last = start + (int) (to - offset);
        writeFully(offset, bytes.duplicate().limit(first));
        if (!direct.get().write(from, bytes.duplicate().position(first).limit(last))) {
            writeFully(from, bytes.duplicate().position(first).limit(last));
        }
        writeFully(to, bytes.duplicate().position(last));
    }

    /** Where the file stands. */
    Path place() {
        return place;
    }

    /** Announces one more call of {@link #partDone}; the caller has one outstanding itself. */
    void addPart() {
        partsLeft.incrementAndGet();
    }

    /** One of the announced parts is done; after the last one the file has its size, owner and mode, and is closed. */
    void partDone() throws IOException {
        if (partsLeft.decrementAndGet() > 0) {
            return;
        }
        boolean isShort = channel.size() < size;
        close();
        if (isShort) {
            try (RandomAccessFile file = new RandomAccessFile(place.toFile(), "rw")) {
                file.setLength(size);
            }
        }
        if (present > 0) {
            ownership.settle(place, attributes);
        } else {
            ownership.settleNewFile(place, attributes);
        }
    }

    /** Closes what is open when the restore is given up. */
    void abandon() throws IOException {
        abandoned = true;
        close();
    }

    /** Whether the restore was given up in this file. */
    boolean isAbandoned() {
        return abandoned;
    }

    private void close() throws IOException {
        try (channel) {
            if (direct.isPresent()) {
                direct.get().close();
            }
        }
    }

    private void writeFully(long offset, ByteBuffer bytes) throws IOException {
        long at = offset;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    private void readFully(long offset, ByteBuffer target) throws IOException {
        long at = offset;
        while (target.hasRemaining()) {
            int read = channel.read(target, at);
            if (read < 0) {
                throw new IOException("file \"" + place + "\" became shorter while it was restored");
            }
            at += read;
        }
    }
}
