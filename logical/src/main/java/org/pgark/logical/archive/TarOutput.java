package org.pgark.logical.archive;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/**
 * Writes the members of a tar file. In a file a member's head is filled in when its size is known; on the way to a pipe a
 * member waits in a temporary file until then.
 */
final class TarOutput {
    private static final int BUFFER = 64 << 10;

    private final ArchiveOutput out;
    private final long seconds;
    private byte[] first = new byte[0];

    TarOutput(ArchiveOutput out, long secondsSinceEpoch) {
        this.out = out;
        this.seconds = secondsSinceEpoch;
    }

    /** Begins a member, which ends when the stream is closed. Nothing of one that is never closed reaches a pipe. */
    OutputStream begin(String name) throws IOException {
        return out.isSeekable() ? new InPlace(name) : new Waiting(name);
    }

    void add(String name, String text) throws IOException {
        try (OutputStream member = begin(name)) {
            member.write(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void fillUp(long size) throws IOException {
        out.write(new byte[TarHeader.padding(size)]);
    }

    void end() throws IOException {
        out.write(new byte[2 * TarHeader.BLOCK]);
    }

    /** The first member's head, which is left empty: it makes an archive of the file, so it must be written last. */
    byte[] firstHeader() {
        return first;
    }

    private final class InPlace extends OutputStream {
        private final String name;
        private final long start;
        private boolean closed;

        InPlace(String name) throws IOException {
            super();
            this.name = name;
            out.write(new byte[TarHeader.BLOCK]);
            start = out.position();
        }

        @Override
        public void write(int single) throws IOException {
            out.write(single);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            out.write(source, offset, length);
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            long size = out.position() - start;
            fillUp(size);
            byte[] header = new TarHeader(name, size).toBytes(seconds);
            if (start == TarHeader.BLOCK) {
                first = header;
            } else {
                out.patch(start - TarHeader.BLOCK, header);
            }
        }
    }

    private final class Waiting extends OutputStream {
        private final String name;
        /** Without a name from the start: whatever happens, it is gone with the channel. */
        private final FileChannel file;

        private final OutputStream content;
        private boolean closed;

        Waiting(String name) throws IOException {
            super();
            this.name = name;
            file = FileChannel.open(
                    Files.createTempFile("pgark-tar-", ".member"),
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE);
            content = new BufferedOutputStream(Channels.newOutputStream(file), BUFFER);
        }

        @Override
        public void write(int single) throws IOException {
            content.write(single);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            content.write(source, offset, length);
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            try (file) {
                content.flush();
                long size = file.position();
                file.position(0);
                out.write(new TarHeader(name, size).toBytes(seconds));
                Channels.newInputStream(file).transferTo(out);
                fillUp(size);
            }
        }
    }
}
