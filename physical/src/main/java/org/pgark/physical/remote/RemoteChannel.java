package org.pgark.physical.remote;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * Reads one file. What is read in its order is fetched ahead in larger pieces; what is read a second time is fetched anew,
 * since whoever does so wants to know whether it has changed. Not for several threads.
 */
final class RemoteChannel extends FileChannel {
    private static final int AHEAD = 2 << 20;

    private final RemotePath path;
    private final long size;
    private ByteBuffer ahead = ByteBuffer.allocate(0);
    private long aheadAt = -1;
    private long position;

    RemoteChannel(RemotePath path, long size) {
        this.path = path;
        this.size = size;
    }

    @Override
    public int read(ByteBuffer target, long from) throws IOException {
        if (!target.hasRemaining()) {
            return 0;
        }
        if (from != aheadAt || !ahead.hasRemaining()) {
            boolean inOrder = from == aheadAt || aheadAt < 0;
            int wanted = inOrder ? Math.max(target.remaining(), AHEAD) : target.remaining();
            Optional<ByteBuffer> fetched = path.getFileSystem().read(path, from, (int)
                    Math.min(wanted, Math.max(size - from, target.remaining())));
            ahead = fetched.orElseThrow(() -> new NoSuchFileException(path.toString()));
            aheadAt = from;
        }
        int count = Math.min(target.remaining(), ahead.remaining());
        if (count == 0) {
            return -1;
        }
        target.put(ahead.slice(ahead.position(), count));
        ahead.position(ahead.position() + count);
        aheadAt += count;
        return count;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int count = read(target, position);
        position += Math.max(count, 0);
        return count;
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        long all = 0;
        for (int index = offset; index < offset + length; index++) {
            int count = read(targets[index]);
            if (count < 0) {
                return all == 0 ? -1 : all;
            }
            all += count;
            if (targets[index].hasRemaining()) {
                return all;
            }
        }
        return all;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long other) {
        position = other;
        return this;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(count, AHEAD));
        int read = read(bytes, from);
        return read < 0 ? 0 : target.write(bytes.flip());
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw new NonWritableChannelException();
    }

    @Override
    public int write(ByteBuffer source, long at) {
        throw new NonWritableChannelException();
    }

    @Override
    public FileChannel truncate(long other) {
        throw new NonWritableChannelException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) {
        throw new NonWritableChannelException();
    }

    @Override
    public void force(boolean metadata) {
        throw new NonWritableChannelException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long at, long length) {
        throw new UnsupportedOperationException("remote files in memory");
    }

    @Override
    public FileLock lock(long at, long length, boolean shared) {
        throw new UnsupportedOperationException("locks of remote files");
    }

    @Override
    public FileLock tryLock(long at, long length, boolean shared) {
        throw new UnsupportedOperationException("locks of remote files");
    }

    @Override
    protected void implCloseChannel() {
        ahead = ByteBuffer.allocate(0);
    }
}
