package org.pgark.physical.backup;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.pgark.postgres.Lsn;
import org.pgark.repository.frame.Codec;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FramePart;

/**
 * Where the content of files stands in packs, in a temporary file: some fifty bytes for each frame. It goes when it is
 * closed, and with the process.
 */
final class PlaceSpool implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final String FOLDER = System.getProperty("java.io.tmpdir");
    private static final byte ZEROS = 0;
    private static final byte STORED = 1;

    private final FileChannel file;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream(BUFFER_BYTES);
    private long written;

    PlaceSpool() throws IOException {
        Path path = Files.createTempFile("pgark-backup-", ".places");
        this.file = FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    /** The extents of one file, and the damaged pages in it. */
    record Content(List<Extent> extents, List<PageDamage> damages) {
        Content {
            extents = List.copyOf(extents);
            damages = List.copyOf(damages);
        }
    }

    /** Keeps the extents of a file; gives the number by which they are found again. */
    long put(List<Extent> extents, List<PageDamage> damages) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (Extent extent : extents) {
                switch (extent) {
                    case Extent.Zeros(long length) -> {
                        out.writeByte(ZEROS);
                        out.writeLong(length);
                    }
                    case Extent.Stored(FramePart part) -> {
                        out.writeByte(STORED);
                        write(out, part);
                    }
                }
            }
            for (PageDamage damage : damages) {
                out.writeInt(damage.page());
                out.writeLong(damage.lsn().value());
            }
        }
        long at = written + waiting.size();
        waiting.writeBytes(ByteBuffer.allocate(12)
                .putInt(bytes.size())
                .putInt(extents.size())
                .putInt(damages.size())
                .array());
        bytes.writeTo(waiting);
        if (waiting.size() >= BUFFER_BYTES) {
            flush();
        }
        return at;
    }

    private static void write(DataOutputStream out, FramePart part) throws IOException {
        FrameAddress frame = part.frame();
        out.writeLong(frame.pack().high());
        out.writeLong(frame.pack().low());
        out.writeInt(frame.frame());
        out.writeLong(frame.offset());
        out.writeInt(frame.storedLength());
        out.writeInt(frame.rawLength());
        out.writeByte(frame.codec().code());
        out.writeInt(part.offset());
        out.writeInt(part.length());
    }

    private void flush() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(waiting.toByteArray());
        try {
            while (bytes.hasRemaining()) {
                written += file.write(bytes, written);
            }
        } catch (IOException e) {
            throw new IOException(
                    "the temporary file of the backup in \"" + FOLDER + "\" cannot be written: " + e.getMessage(), e);
        }
        waiting.reset();
    }

    /** What was kept under a number. */
    Content get(long at) throws IOException {
        flush();
        ByteBuffer head = read(at, 12);
        int length = head.getInt();
        int extentCount = head.getInt();
        int damageCount = head.getInt();
        List<Extent> extents = new ArrayList<>(extentCount);
        List<PageDamage> damages = new ArrayList<>(damageCount);
        try (DataInputStream in = new DataInputStream(
                new ByteArrayInputStream(read(at + 12, length).array()))) {
            for (int index = 0; index < extentCount; index++) {
                extents.add(in.readByte() == ZEROS ? new Extent.Zeros(in.readLong()) : new Extent.Stored(part(in)));
            }
            for (int index = 0; index < damageCount; index++) {
                damages.add(new PageDamage(in.readInt(), new Lsn(in.readLong())));
            }
        }
        return new Content(extents, damages);
    }

    private static FramePart part(DataInputStream in) throws IOException {
        FrameAddress frame = new FrameAddress(
                new ObjectId(in.readLong(), in.readLong()),
                in.readInt(),
                in.readLong(),
                in.readInt(),
                in.readInt(),
                Codec.ofCode(in.readByte()));
        return new FramePart(frame, in.readInt(), in.readInt());
    }

    private ByteBuffer read(long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        if (!WholeRead.fill(file, at, bytes)) {
            throw new IOException("the temporary file of the backup was cut");
        }
        return bytes.flip();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
