package org.pgark.physical.backup;

import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;
import org.pgark.repository.manifest.ManifestEntry;

/** Puts changed pages into chunks, each of which reaches from the one before to its own last page. */
final class ReceivedChangedPages {
    private final IncrementalHeader header;
    private final KnownFile file;
    private final long size;
    private final KnownContent.Stretches stretches;
    private final ReceivedBase base;
    private final PackingQueue queue;
    private byte[] chunk;
    private int filled;
    private int next;
    private int firstOfChunk;
    private long position;

    ReceivedChangedPages(SourceFile source, IncrementalHeader header, ReceivedBase base, PackingQueue queue)
            throws IOException {
        this.header = header;
        this.base = base;
        this.queue = queue;
        this.size = header.fileBytes();
        FileStatus status = source.status();
        SourceFile whole = new SourceFile(
                source.path(),
                source.place(),
                new FileStatus(status.mode(), status.owner(), status.group(), size, status.modifiedMicros()));
        ManifestEntry.File before = base.required(source.path());
        boolean same = header.count() == 0 && before.size() == size;
        // What did not come is the base's, and cannot be stored anew.
        this.file = new KnownFile(whole, Optional.of(before), Optional.of(new Reading(came(), new BitSet())));
        if (same) {
            queue.endSmall(file, queue.beginSmall(0), Earlier.NOTHING, Earlier.NOTHING);
        } else {
            queue.submitBundle();
        }
        this.stretches = base.stretches(file);
        this.chunk = chunk();
    }

    private BitSet came() {
        BitSet pages = new BitSet();
        for (int index = 0; index < header.count(); index++) {
            pages.set(header.block(index));
        }
        return pages;
    }

    private byte[] chunk() {
        return new byte
                [(int) Math.min(PackingQueue.CHUNK_BYTES, (header.count() - next) * (long) IncrementalHeader.PAGE)];
    }

    void content(byte[] source, int offset, int length) throws IOException {
        int taken = 0;
        while (taken < length) {
            if (filled == chunk.length) {
                throw new UnusableChangesException(
                        "incremental file of \"" + file.source().path() + "\" is too long");
            }
            int count = Math.min(length - taken, chunk.length - filled);
            System.arraycopy(source, offset + taken, chunk, filled, count);
            filled += count;
            taken += count;
            if (filled == chunk.length) {
                next += filled / IncrementalHeader.PAGE;
                if (next < header.count()) {
                    send((header.block(next - 1) + 1) * (long) IncrementalHeader.PAGE);
                }
            }
        }
    }

    private void send(long end) throws IOException {
        BitSet received = new BitSet();
        for (int index = firstOfChunk; index < next; index++) {
            received.set(header.block(index));
        }
        queue.submit(new ReceivedSlice(
                file,
                chunk,
                position,
                end - position,
                end == size,
                Optional.of(received),
                baseOf(end),
                base.elsewhere(file.source(), position, end)));
        position = end;
        filled = 0;
        firstOfChunk = next;
        chunk = chunk();
    }

    private Earlier baseOf(long end) throws UnusableChangesException {
        try {
            return stretches.upTo(end);
        } catch (IOException e) {
            throw new UnusableChangesException(
                    "what the backup before has of \"" + file.source().path() + "\" cannot be read", e);
        }
    }

    void end() throws IOException {
        if (next < header.count()) {
            throw new UnusableChangesException(
                    "incremental file of \"" + file.source().path() + "\" is cut");
        }
        if (!file.isKept()) {
            send(size);
        }
    }
}
