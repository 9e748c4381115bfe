package org.pgark.logical.archive;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Reads an archive's bytes, from a file in which one can go to and fro, or from a stream. */
final class ArchiveInput extends InputStream {
    private static final int BUFFER = 64 << 10;

    private final InputStream stream;
    private final Optional<FileChannel> channel;
    private final byte[] buffer = new byte[BUFFER];
    private int next;
    private int filled;
    private long bufferStart;

    private ArchiveInput(InputStream stream, Optional<FileChannel> channel, long start) {
        super();
        this.stream = stream;
        this.channel = channel;
        this.bufferStart = start;
    }

    static ArchiveInput of(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        return of(java.nio.channels.Channels.newInputStream(channel), channel);
    }

    /** Standard input that was redirected from a file is as good as the file. */
    static ArchiveInput of(InputStream in) throws IOException {
        return in instanceof FileInputStream file ? of(in, file.getChannel()) : ofStream(in);
    }

    static ArchiveInput ofStream(InputStream in) {
        return new ArchiveInput(in, Optional.empty(), 0);
    }

    private static ArchiveInput of(InputStream in, FileChannel channel) {
        try {
            long position = channel.position();
            channel.position(position);
            return new ArchiveInput(in, Optional.of(channel), position);
        } catch (IOException e) {
            // A pipe.
            return new ArchiveInput(in, Optional.empty(), 0);
        }
    }

    boolean isSeekable() {
        return channel.isPresent();
    }

    /** Bytes read so far, or the place in the file. */
    long position() {
        return bufferStart + next;
    }

    void seek(long position) throws IOException {
        FileChannel file = channel.orElseThrow(() -> new ArchiveException("error during file seek: Illegal seek"));
        if (position < 0) {
            throw new ArchiveException("error during file seek: Invalid argument");
        }
        if (position >= bufferStart && position <= bufferStart + filled) {
            next = (int) (position - bufferStart);
            return;
        }
        file.position(position);
        bufferStart = position;
        next = 0;
        filled = 0;
    }

    private boolean fill() throws IOException {
        bufferStart += filled;
        next = 0;
        filled = 0;
        int count = channel.isPresent() ? channel.get().read(ByteBuffer.wrap(buffer)) : stream.read(buffer);
        if (count <= 0) {
            return false;
        }
        filled = count;
        return true;
    }

    @Override
    public int read() throws IOException {
        if (next == filled && !fill()) {
            return -1;
        }
        return buffer[next++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (next == filled && !fill()) {
            return -1;
        }
        int count = Math.min(length, filled - next);
        System.arraycopy(buffer, next, target, offset, count);
        next += count;
        return count;
    }

    /** Goes on by so many bytes; in a file they need not be there, as with a seek. */
    void pass(long count) throws IOException {
        if (isSeekable()) {
            seek(position() + count);
            return;
        }
        long left = count;
        while (left > 0) {
            if (next == filled && !fill()) {
                throw endOfFile();
            }
            int step = (int) Math.min(left, filled - next);
            next += step;
            left -= step;
        }
    }

    static ArchiveException endOfFile() {
        return new ArchiveException("could not read from input file: end of file");
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
