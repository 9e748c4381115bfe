package org.pgark.logical.archive;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The file or stream that an archive is written to. In a file the first bytes are written last, by {@link #commit}: what a
 * dump leaves that was broken off is no archive.
 */
final class ArchiveOutput extends OutputStream {
    private static final int BUFFER = 64 << 10;
    private static final long APPENDING = 02000;

    private final OutputStream stream;
    private final Optional<FileChannel> channel;
    private final Optional<Path> path;
    private final byte[] buffer = new byte[BUFFER];
    private int filled;
    private long written;

    private ArchiveOutput(OutputStream stream, Optional<FileChannel> channel, Optional<Path> path) {
        super();
        this.stream = stream;
        this.channel = channel;
        this.path = path;
    }

    /** Opens a file, emptied; a device or a pipe is written to from beginning to end. */
    static ArchiveOutput open(Path path) throws IOException {
        FileChannel file = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        return new ArchiveOutput(
                java.nio.channels.Channels.newOutputStream(file),
                Files.isRegularFile(path) ? Optional.of(file) : Optional.empty(),
                Optional.of(path));
    }

    /** Standard output may be a file too; not one that is appended to. */
    static ArchiveOutput of(OutputStream out) {
        Optional<FileChannel> channel = out instanceof FileOutputStream file ? seekable(file) : Optional.empty();
        return new ArchiveOutput(out, channel, Optional.empty());
    }

    private static Optional<FileChannel> seekable(FileOutputStream out) {
        FileChannel channel = out.getChannel();
        try {
            return channel.position() == 0 && Files.isRegularFile(Path.of("/proc/self/fd/1")) && !isAppending()
                    ? Optional.of(channel)
                    : Optional.empty();
        } catch (IOException e) {
            // A pipe.
            return Optional.empty();
        }
    }

    private static boolean isAppending() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/1"))) {
            if (line.startsWith("flags:")) {
                return (Long.parseLong(line.substring(6).strip(), 8) & APPENDING) != 0;
            }
        }
        return true;
    }

    boolean isSeekable() {
        return channel.isPresent();
    }

    /** Bytes written so far. */
    long position() {
        return written;
    }

    @Override
    public void write(int single) throws IOException {
        if (filled == BUFFER) {
            send();
        }
        buffer[filled++] = (byte) single;
        written++;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        if (length > BUFFER - filled) {
            send();
        }
        if (length >= BUFFER) {
            writeOut(source, offset, length);
        } else {
            System.arraycopy(source, offset, buffer, filled, length);
            filled += length;
        }
        written += length;
    }

    private void send() throws IOException {
        writeOut(buffer, 0, filled);
        filled = 0;
    }

    private void writeOut(byte[] source, int offset, int length) throws IOException {
        try {
            stream.write(source, offset, length);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private ArchiveException failure(IOException e) {
        return path.map(file -> OutputFile.failure(file, e))
                .orElseGet(() -> new ArchiveException("could not write to output file: " + e.getMessage(), e));
    }

    @Override
    public void flush() throws IOException {
        send();
        stream.flush();
    }

    /** Replaces bytes that were written before; only in a file. */
    void patch(long position, byte[] bytes) throws IOException {
        send();
        FileChannel file = channel.orElseThrow(() -> new IllegalStateException("output cannot be patched"));
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        long at = position;
        while (rest.hasRemaining()) {
            at += file.write(rest, at);
        }
    }

    /**
     * Ends the output.
     *
     * @param beginning the bytes that the file begins with, where it was begun with others
     * @param durable whether all of it is forced to the disk
     */
    void commit(byte[] beginning, boolean durable) throws IOException {
        flush();
        if (channel.isPresent()) {
            if (durable) {
                channel.get().force(true);
            }
            patch(0, beginning);
            if (durable) {
                channel.get().force(true);
                path.ifPresent(DurableFolder::sync);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (path.isPresent()) {
            stream.close();
        }
    }
}
