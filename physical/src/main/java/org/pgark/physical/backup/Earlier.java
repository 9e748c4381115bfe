package org.pgark.physical.backup;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FramePart;

/**
 * What packs hold already of a stretch of a file, from another backup. There may be gaps. Never changed, for several
 * threads.
 */
final class Earlier {
    /** Nothing. */
    static final Earlier NOTHING = new Earlier(new long[0], List.of());

    private final long[] positions;
    private final List<Extent> extents;

    private Earlier(long[] positions, List<Extent> extents) {
        this.positions = positions;
        this.extents = extents;
    }

    /** Extents that follow one another without gap. */
    static Earlier of(long position, List<Extent> extents) {
        long[] positions = new long[extents.size()];
        long next = position;
        for (int index = 0; index < positions.length; index++) {
            positions[index] = next;
            next += extents.get(index).length();
        }
        return new Earlier(positions, List.copyOf(extents));
    }

    /**
     * Extents at places of their own.
     *
     * @param positions ascending; an extent ends at or before the position of the next
     */
    static Earlier of(long[] positions, List<Extent> extents) {
        return new Earlier(positions.clone(), List.copyOf(extents));
    }

    boolean isEmpty() {
        return extents.isEmpty();
    }

    /** Where the last extent ends. */
    long end() {
        return extents.isEmpty()
                ? 0
                : positions[positions.length - 1] + extents.getLast().length();
    }

    /** What there is from {@code from} to before {@code to}, in order; extents are cut to fit. */
    List<Piece> cut(long from, long to) {
        List<Piece> pieces = new ArrayList<>(1);
        int index = Arrays.binarySearch(positions, from);
        for (int next = Math.max(index < 0 ? -index - 2 : index, 0); next < positions.length; next++) {
            long begin = positions[next];
            if (begin >= to) {
                break;
            }
            Extent extent = extents.get(next);
            long skipped = Math.max(from - begin, 0);
            long length = Math.min(begin + extent.length(), to) - begin - skipped;
            if (length > 0) {
                pieces.add(new Piece(begin + skipped, cut(extent, skipped, length)));
            }
        }
        return pieces;
    }

    private static Extent cut(Extent extent, long skipped, long length) {
        return switch (extent) {
            case Extent.Zeros _ -> new Extent.Zeros(length);
            case Extent.Stored(FramePart part) ->
                new Extent.Stored(new FramePart(part.frame(), part.offset() + (int) skipped, (int) length));
        };
    }

    /**
     * A run of the file.
     *
     * @param position where it begins in the file
     * @param extent where its bytes are
     */
    record Piece(long position, Extent extent) {}
}
