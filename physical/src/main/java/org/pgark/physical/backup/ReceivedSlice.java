package org.pgark.physical.backup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.pgark.physical.failure.FailedException;
import org.pgark.repository.content.ContentHasher;
import org.pgark.repository.manifest.Extent;

/** A stretch of a large file that was received, or some of its pages, the others being as the base has them. */
final class ReceivedSlice implements PackingTask {
    private final KnownFile file;
    private final byte[] bytes;
    private final long position;
    private final long length;
    private final boolean last;
    private final Optional<BitSet> received;
    private final Earlier base;
    private final Earlier elsewhere;

    /**
     * @param bytes of the pages that were received, one behind the other; not to be changed any more
     * @param position where the stretch begins in the file
     * @param length how many bytes of the file it is
     * @param last whether it is the file's last one
     * @param received which of the file's pages these are; empty for all of the stretch
     * @param base what the base has of the stretch
     * @param elsewhere what may be the same in other places
     */
    ReceivedSlice(
            KnownFile file,
            byte[] bytes,
            long position,
            long length,
            boolean last,
            Optional<BitSet> received,
            Earlier base,
            Earlier elsewhere) {
        this.file = file;
        this.bytes = bytes;
        this.position = position;
        this.length = length;
        this.last = last;
        this.received = received;
        this.base = base;
        this.elsewhere = elsewhere;
    }

    @Override
    public List<PackedPart> pack(Packer packer) throws IOException, FailedException, InterruptedException {
        Placement placement = new Placement();
        List<PageDamage> damages = new ArrayList<>(0);
        long end = position + length;
        long at = position;
        int taken = 0;
        while (at < end) {
            int page = (int) (at / ContentHasher.UNIT);
            if (received.isPresent() && !received.get().get(page)) {
                long next = end(received.get().nextSetBit(page), end);
                keep(at, next, placement);
                at = next;
                continue;
            }
            long run = received.isPresent() ? end(received.get().nextClearBit(page), end) : end;
            int count = (int) Math.min(Packer.FRAME_BYTES, run - at);
            packer.pack(
                    file, new ReceivedPages(bytes, taken, count, at), at, count, base, elsewhere, placement, damages);
            at += count;
            taken += count;
        }
        packer.flush();
        return List.of(new PackedPart(file, last, true, 0, placement.extents(), placement.isUnchanged(), damages));
    }

    private static long end(int page, long end) {
        return page < 0 ? end : Math.min((long) page * ContentHasher.UNIT, end);
    }

    /** What neither came nor was in the base's file, because that was shorter, was never written: zeros are read there. */
    private void keep(long from, long to, Placement placement) throws UnusableChangesException {
        long before = Math.clamp(file.base().orElseThrow().size(), from, to);
        long at = from;
        for (Earlier.Piece piece : base.cut(from, before)) {
            if (piece.position() != at) {
                break;
            }
            placement.addUnchanged(piece.extent());
            at += piece.extent().length();
        }
        if (at < before) {
            throw new UnusableChangesException(
                    "what the backup before has of \"" + file.source().path() + "\" at " + at
                            + " is not known, and the server sent only what changed since");
        }
        addZeros(to - before, placement);
    }

    private static void addZeros(long count, Placement placement) {
        if (count > 0) {
            placement.add(new Extent.Zeros(count));
        }
    }
}
