package org.pgark.repository.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectExistsException;
import org.pgark.storage.ObjectName;

/**
 * What is saved of one running segment: pieces, each of which goes on where the one before ends. Many of them in one slot
 * (see {@link PieceSlots}) are joined, so that their number stays small however slowly a segment grows. Not for several
 * threads; other receivers may work on the same segment.
 */
public final class PieceChain {
    /** The longest that a segment can be. */
    static final int LONGEST_SEGMENT = 1 << 30;

    private static final int MOST_IN_SLOT = 8;
    private static final int ATTEMPTS = 20;

    private final WalArchive archive;
    private final WalSegmentName segment;
    private final NavigableMap<Integer, ObjectName> objects = new TreeMap<>();
    private final int longest;
    private int end;

    /** @param longest how many bytes the segment can have */
    PieceChain(WalArchive archive, WalSegmentName segment, int longest) {
        this.archive = archive;
        this.segment = segment;
        this.longest = longest;
    }

    /** Reads bytes of the segment, which are those of the pieces. */
    @FunctionalInterface
    public interface Source {
        /** So many bytes from an offset on. */
        byte[] read(int from, int length) throws IOException;
    }

    /** Up to where the segment is saved, as far as this has seen. */
    public int end() {
        return end;
    }

    /** Reads what is saved, from the beginning; nothing if nothing is. */
    public byte[] read() throws IOException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            byte[] content = walk();
            if (!wasJoinedMeanwhile()) {
                archive.provePresence();
                return content;
            }
        }
        throw new IOException("the pieces of WAL segment \"" + segment + "\" change all the time");
    }

    private byte[] walk() throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        objects.clear();
        end = 0;
        boolean more = true;
        while (more) {
            more = false;
            for (ObjectName object : candidates(end)) {
                try {
                    content.writeBytes(archive.piece(object));
                    objects.put(end, object);
                    end = content.size();
                    more = true;
                    break;
                } catch (NoSuchObjectException e) {
                    // Then a shorter one, or none.
                }
            }
            if (end > LONGEST_SEGMENT) {
                throw new IOException("the pieces of WAL segment \"" + segment + "\" are longer than a segment can be");
            }
        }
        return content.toByteArray();
    }

    /** What may begin at an offset, the longest first. */
    private List<ObjectName> candidates(int from) {
        List<ObjectName> candidates = new ArrayList<>();
        for (PieceSlots slots : List.of(PieceSlots.LARGE, PieceSlots.MEDIUM)) {
            if (slots.begin(from) == from) {
                candidates.add(joined(from, slots));
            }
        }
        candidates.add(joined(from, PieceSlots.SMALL));
        candidates.add(archive.names().ofPiece(segment, from));
        return candidates;
    }

    private ObjectName joined(int from, PieceSlots slots) {
        return archive.names().ofJoinedPieces(segment, from, slots.end(from));
    }

    /** Where the chain seems to end, its rest may have been joined while it was followed. */
    private boolean wasJoinedMeanwhile() throws IOException {
        for (PieceSlots slots : PieceSlots.values()) {
            if (archive.has(joinedAround(end, slots))) {
                return true;
            }
        }
        return false;
    }

    /** What takes the place of pieces of the slot that an offset is in, were they joined. */
    private ObjectName joinedAround(int offset, PieceSlots slots) {
        int begin = slots.begin(offset);
        // Pieces of the small slot may begin in its middle.
        int from = slots == PieceSlots.SMALL
                ? Optional.ofNullable(objects.ceilingKey(begin))
                        .filter(first -> first < offset)
                        .orElse(offset)
                : begin;
        return joined(from, slots);
    }

    /**
     * Saves more of the segment. When this returns, it is durable.
     *
     * @param to up to where, behind {@link #end}
     * @param source what the segment has up to there
     * @return up to where the segment is saved: {@code to}, or further if another receiver has saved more
     * @throws DifferentPieceException if what is saved already differs
     */
    public int append(int to, Source source) throws IOException {
        if (to <= end) {
            throw new IllegalArgumentException("nothing to save up to " + to + " behind " + end);
        }
        while (end < to) {
            int length = Math.min(to - end, PieceSlots.longestFrom(end));
            put(source.read(end, length), to, source);
        }
        return end;
    }

    private void put(byte[] bytes, int to, Source source) throws IOException {
        ObjectName object = archive.names().ofPiece(segment, end);
        try {
            archive.putPiece(object, bytes);
        } catch (ObjectExistsException e) {
            archive.settle(object);
            follow(object, bytes);
            return;
        }
        if (isHidden()) {
            readAgain(to, source);
        } else {
            follow(object, bytes.length);
        }
    }

    /** Whether the piece at the end could only be created because another receiver has joined those that were there. */
    private boolean isHidden() throws IOException {
        for (PieceSlots slots : PieceSlots.values()) {
            // Who has more of the segment than it can have has it whole, and archives it.
            if (slots.end(end) < longest && archive.has(joinedAround(end, slots))) {
                return true;
            }
        }
        return false;
    }

    private void readAgain(int to, Source source) throws IOException {
        int before = end;
        byte[] there = read();
        int common = Math.min(there.length, to);
        int difference = Arrays.mismatch(there, 0, common, source.read(0, common), 0, common);
        if (difference >= 0) {
            throw new DifferentPieceException(segment, difference);
        }
        if (end <= before) {
            throw new IOException("the pieces of WAL segment \"" + segment + "\" were deleted while more was saved");
        }
    }

    private void follow(ObjectName object, byte[] expected) throws IOException {
        byte[] there = archive.piece(object);
        int common = Math.min(there.length, expected.length);
        if (there.length == 0 || Arrays.mismatch(there, 0, common, expected, 0, common) >= 0) {
            throw new DifferentPieceException(segment, end);
        }
        follow(object, there.length);
    }

    private void follow(ObjectName object, int length) {
        objects.put(end, object);
        end += length;
    }

    /**
     * Joins the pieces of slots that have many.
     *
     * @param source what the segment has up to {@link #end}
     * @throws DifferentPieceException if somebody has joined other content there
     */
    public void join(Source source) throws IOException {
        for (PieceSlots slots : PieceSlots.values()) {
            for (int begin = 0; begin + slots.end(0) <= end; begin = slots.end(begin)) {
                join(begin, slots, source);
            }
        }
    }

    private void join(int begin, PieceSlots slots, Source source) throws IOException {
        int to = slots.end(begin);
        NavigableMap<Integer, ObjectName> pieces = objects.subMap(begin, true, to, false);
        boolean endsThere = to == end || objects.containsKey(to);
        if (pieces.size() <= MOST_IN_SLOT || !endsThere || (slots != PieceSlots.SMALL && pieces.firstKey() != begin)) {
            return;
        }
        int from = pieces.firstKey();
        ObjectName whole = joined(from, slots);
        byte[] bytes = source.read(from, to - from);
        try {
            archive.putPiece(whole, bytes);
        } catch (ObjectExistsException e) {
            archive.settle(whole);
            if (!Arrays.equals(archive.piece(whole), bytes)) {
                throw new DifferentPieceException(segment, from);
            }
        }
        List<ObjectName> replaced = List.copyOf(pieces.values());
        pieces.clear();
        objects.put(from, whole);
        for (ObjectName piece : replaced.reversed()) {
            archive.deleteObject(piece);
        }
    }
}
