package org.pgark.physical.walreceiver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.pgark.physical.receive.ReplicationException;
import org.pgark.physical.receive.SystemMessage;
import org.pgark.physical.receive.WalPlace;
import org.pgark.postgres.wal.WalSegmentName;

/**
 * Writes what a stream brings into a receiver's directory. A segment that was begun before is compared first, and then
 * written again all the same: after a failed sync only that makes it durable for certain.
 */
final class ReceivedFiles implements WalPlace {
    private static final byte[] ZEROS = new byte[1 << 20];

    private final ReceiverDirectory directory;

    ReceivedFiles(ReceiverDirectory directory) {
        this.directory = directory;
    }

    @Override
    public boolean has(String name) {
        return Files.exists(directory.path().resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public WalFile openSegment(String name) throws IOException {
        Path file = directory.path().resolve(name + ReceiverDirectory.PARTIAL);
        boolean begun = Files.exists(file);
        if (!begun) {
            create(file);
        } else if (Files.size(file) != directory.segmentSize().bytes()) {
            throw new IOException("file \"" + file + "\" has " + Files.size(file) + " bytes instead of "
                    + directory.segmentSize().bytes());
        }
        return new SegmentFile(
                WalSegmentName.parse(name),
                file,
                begun,
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** The name appears only when the file has its size, so that a kill leaves no file of another one. */
    private void create(Path file) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                temporary,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            int left = directory.segmentSize().bytes();
            while (left > 0) {
                left -= channel.write(ByteBuffer.wrap(ZEROS, 0, Math.min(left, ZEROS.length)));
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw new ReplicationException("could not create WAL file \"" + file + "\": " + SystemMessage.of(e), e);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        ReceiverDirectory.sync(directory.path());
    }

    @Override
    public void put(String name, byte[] content) throws IOException {
        ReceiverDirectory.write(directory.path(), name, content);
    }

    @Override
    public void markDone(String name) {
        throw new IllegalStateException("a receiver's directory has no marks");
    }

    @Override
    public void finish() {
        // Every file is durable on its own.
    }

    @Override
    public void close() {
        // Nothing is held open but the segment in progress, which is the stream's.
    }

    private final class SegmentFile implements WalFile {
        private final WalSegmentName name;
        private final Path file;
        private final FileChannel channel;
        private final int begun;
        private byte[] before = new byte[0];
        private int position;

        SegmentFile(WalSegmentName name, Path file, boolean begun, FileChannel channel) throws IOException {
            this.name = name;
            this.file = file;
            this.channel = channel;
            this.begun = begun ? ReceiverDirectory.received(new ReceivedSegment(name, file, false)) : 0;
        }

        @Override
        public String shownName() {
            return name + ReceiverDirectory.PARTIAL;
        }

        @Override
        public int position() {
            return position;
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            if (position < begun) {
                compare(source, offset, Math.min(length, begun - position));
            }
            ByteBuffer bytes = ByteBuffer.wrap(source, offset, length);
            while (bytes.hasRemaining()) {
                position += channel.write(bytes, position);
            }
        }

        /** Zeros may stand for what was received and did not reach the disk before a crash; they say nothing. */
        private void compare(byte[] source, int offset, int length) throws IOException {
            if (before.length < length) {
                before = new byte[length];
            }
            ByteBuffer target = ByteBuffer.wrap(before, 0, length);
            while (target.hasRemaining() && channel.read(target, position + target.position()) >= 0) {}
            for (int at = 0; at < length; at++) {
                if (before[at] != 0 && before[at] != source[offset + at]) {
                    throw new ReceivedWalDiffersException(name, position + at);
                }
            }
        }

        @Override
        public void sync() throws IOException {
            channel.force(false);
        }

        @Override
        public void close(boolean complete) throws IOException {
            try (channel) {
                channel.force(true);
            }
            if (complete) {
                Files.move(file, directory.path().resolve(name.toString()), StandardCopyOption.ATOMIC_MOVE);
                ReceiverDirectory.sync(directory.path());
            }
        }
    }
}
