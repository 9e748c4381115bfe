package org.pgark.logical.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Walks over the members of a tar file. */
final class TarMembers {
    private final ArchiveInput in;
    private final long start;
    private long nextMember;

    TarMembers(ArchiveInput in) {
        this.in = in;
        start = in.position();
        nextMember = start;
    }

    /** Begins anew with the first member; only in a file. */
    void rewind() {
        nextMember = start;
    }

    /** Goes on with the member behind content that ends here; only in a file. */
    void continueAfter(long end) {
        nextMember = end + TarHeader.padding(end - start);
    }

    /** The next member, whose content can be read until the one after it is asked for. */
    Optional<TarHeader> next() throws IOException {
        if (in.isSeekable()) {
            in.seek(nextMember);
        } else {
            in.pass(nextMember - in.position());
        }
        byte[] block = readBlock();
        while (block.length > 0 && TarHeader.isEmpty(block)) {
            block = readBlock();
        }
        if (block.length == 0) {
            return Optional.empty();
        }
        TarHeader header = TarHeader.of(block);
        if (TarHeader.checksum(block) != TarHeader.storedChecksum(block)) {
            throw new ArchiveException("corrupt tar header found in " + header.name() + " (expected "
                    + TarHeader.storedChecksum(block) + ", computed " + TarHeader.checksum(block) + ") file position "
                    + in.position());
        }
        if (header.size() < 0) {
            throw new ArchiveException("invalid size of tar member \"" + header.name() + "\"");
        }
        nextMember = in.position() + header.size() + TarHeader.padding(header.size());
        return Optional.of(header);
    }

    private byte[] readBlock() throws IOException {
        byte[] block = in.readNBytes(TarHeader.BLOCK);
        nextMember = in.position();
        if (block.length > 0 && block.length < TarHeader.BLOCK) {
            throw new ArchiveException(
                    "incomplete tar header found (" + block.length + (block.length == 1 ? " byte)" : " bytes)"));
        }
        return block;
    }

    /** The content of a member of this size that begins here. */
    InputStream content(long size) {
        return new Content(size);
    }

    private final class Content extends InputStream {
        private long left;

        Content(long size) {
            super();
            left = size;
        }

        @Override
        public int read() throws IOException {
            if (left == 0) {
                return -1;
            }
            int value = in.read();
            if (value < 0) {
                throw ArchiveInput.endOfFile();
            }
            left--;
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0 || length == 0) {
                return length == 0 ? 0 : -1;
            }
            int count = in.read(target, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw ArchiveInput.endOfFile();
            }
            left -= count;
            return count;
        }
    }
}
