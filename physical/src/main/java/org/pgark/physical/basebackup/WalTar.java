package org.pgark.physical.basebackup;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Set;
import org.pgark.physical.receive.WalPlace;

/** Received WAL as members of a tar archive. A segment takes its full size at once; the last one is filled with zeros. */
final class WalTar implements WalPlace {
    private static final byte[] ZEROS = new byte[64 << 10];

    private final TarWriter tar;
    private final OutputStream out;
    private final int segmentSize;
    private final boolean groupReads;
    private final Set<String> names = new HashSet<>();

    WalTar(OutputStream out, int segmentSize, boolean groupReads) {
        this.tar = new TarWriter(out);
        this.out = out;
        this.segmentSize = segmentSize;
        this.groupReads = groupReads;
    }

    @Override
    public boolean has(String name) {
        return names.contains(name);
    }

    @Override
    public WalFile openSegment(String name) throws IOException {
        tar.begin(TarMember.file(name, segmentSize, groupReads));
        names.add(name);
        return new SegmentMember(name);
    }

    @Override
    public void put(String name, byte[] content) throws IOException {
        tar.file(name, content, groupReads);
        names.add(name);
    }

    @Override
    public void markDone(String name) throws IOException {
        tar.file("archive_status/" + name + ".done", new byte[0], groupReads);
    }

    @Override
    public void finish() throws IOException {
        tar.finish();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /** The segment that is being written. */
    private final class SegmentMember implements WalFile {
        private final String name;
        private int position;

        SegmentMember(String name) {
            this.name = name;
        }

        @Override
        public String shownName() {
            return name;
        }

        @Override
        public int position() {
            return position;
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            tar.content(source, offset, length);
            position += length;
        }

        @Override
        public void sync() throws IOException {
            out.flush();
        }

        @Override
        public void close(boolean complete) throws IOException {
            int left = segmentSize - position;
            while (left > 0) {
                int count = Math.min(left, ZEROS.length);
                tar.content(ZEROS, 0, count);
                left -= count;
            }
            tar.end();
        }
    }
}
