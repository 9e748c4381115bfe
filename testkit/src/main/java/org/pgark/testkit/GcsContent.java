package org.pgark.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/** The bytes of an object of {@link GcsServer}: in memory, or in a file that has no name if they are many. */
final class GcsContent {
    private static final int MOST_IN_MEMORY = 64 << 20;

    private final CRC32C crc = new CRC32C();
    private ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private Optional<FileChannel> file = Optional.empty();
    private long size;

    static GcsContent of(byte[] bytes) {
        GcsContent content = new GcsContent();
        content.append(bytes, bytes.length);
        return content;
    }

    long size() {
        return size;
    }

    /** Adds the first bytes of some. */
    synchronized void append(byte[] bytes, int length) {
        crc.update(bytes, 0, length);
        try {
            if (file.isEmpty() && size + length > MOST_IN_MEMORY) {
                file = Optional.of(nameless());
                write(file.get(), memory.toByteArray(), (int) size, 0);
                memory = new ByteArrayOutputStream();
            }
            if (file.isPresent()) {
                write(file.get(), bytes, length, size);
            } else {
                memory.write(bytes, 0, length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        size += length;
    }

    private static FileChannel nameless() throws IOException {
        Path path = Files.createTempFile("gcs", "object");
        return FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    private static void write(FileChannel to, byte[] bytes, int length, long at) throws IOException {
        ByteBuffer source = ByteBuffer.wrap(bytes, 0, length);
        while (source.hasRemaining()) {
            to.write(source, at + source.position());
        }
    }

    /** As the service says it: four bytes, highest first, in base64. */
    synchronized String checksum() {
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) crc.getValue())
                        .array());
    }

    /** Bytes from one position up to another one. */
    synchronized byte[] bytes(long from, long to) {
        if (file.isEmpty()) {
            return Arrays.copyOfRange(memory.toByteArray(), (int) from, (int) to);
        }
        ByteBuffer target = ByteBuffer.allocate(Math.toIntExact(to - from));
        try {
            while (target.hasRemaining() && file.get().read(target, from + target.position()) >= 0) {
                // Until all is there.
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return target.array();
    }

    /** Nobody reads it any more. */
    synchronized void release() {
        try {
            if (file.isPresent()) {
                file.get().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
