package org.pgark.repository.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectExistsException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.StoredObject;

/**
 * Segments that a receiver of WAL has not finished yet, saved piece by piece as they grow. For several threads.
 *
 * <p>A piece is named by where it begins in its segment, and the one that begins where it ends goes on with it, so that
 * the pieces of a segment are one chain that is found without a listing. Whoever finds a name taken compares: the chain of
 * a timeline's segment is the same for every receiver, or one of them follows another server.
 *
 * <p>Pieces are deleted only when the whole segment is in the archive. A reader that finds a piece missing therefore asks
 * for the whole segment once more.
 */
public final class RunningSegments {
    private static final int LONGEST_SEGMENT = 1 << 30;

    private final WalArchive archive;

    RunningSegments(WalArchive archive) {
        this.archive = archive;
    }

    /** How much of a segment is saved, in bytes from its start; 0 if nothing is. Reads the chain. */
    public int savedTo(WalSegmentName segment) throws IOException {
        return content(segment).length;
    }

    /**
     * Saves more of a segment. When this returns, it is durable.
     *
     * @param from where the bytes begin in the segment: 0, or what an earlier call returned
     * @param bytes what the segment holds from there on
     * @return up to where the segment is saved: the end of these bytes, or further if another receiver has saved more
     * @throws DifferentPieceException if what is saved already differs
     */
    public int append(WalSegmentName segment, int from, byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("a piece without bytes");
        }
        ObjectName object = archive.names().ofPiece(segment, from);
        try {
            archive.putPiece(object, bytes);
            return from + bytes.length;
        } catch (ObjectExistsException e) {
            byte[] there = archive.piece(object);
            int common = Math.min(there.length, bytes.length);
            if (there.length == 0 || Arrays.mismatch(there, 0, common, bytes, 0, common) >= 0) {
                throw new DifferentPieceException(segment, from);
            }
            archive.settle(object);
            return bytes.length > there.length
                    ? append(segment, from + there.length, Arrays.copyOfRange(bytes, there.length, bytes.length))
                    : from + there.length;
        }
    }

    /** What is saved of a segment; empty if nothing is. */
    public byte[] content(WalSegmentName segment) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        while (content.size() < LONGEST_SEGMENT) {
            try {
                byte[] piece = archive.piece(archive.names().ofPiece(segment, content.size()));
                content.writeBytes(piece);
            } catch (NoSuchObjectException e) {
                archive.provePresence();
                return content.toByteArray();
            }
        }
        throw new IOException("the pieces of WAL segment \"" + segment + "\" are longer than a segment can be");
    }

    /** The segments of a timeline of which pieces are there, ascending. */
    public NavigableSet<WalSegmentName> list(Timeline timeline) throws IOException {
        NavigableSet<WalSegmentName> found = new TreeSet<>();
        for (StoredObject object : archive.stored(timeline)) {
            ArchiveNames.pieceOf(object.name()).ifPresent(found::add);
        }
        return found;
    }

    /** Deletes the pieces of segments, which are whole in the archive or expired; those that are not there are fine. */
    public void delete(Timeline timeline, Collection<WalSegmentName> segments) throws IOException {
        List<ObjectName> pieces = archive.stored(timeline).stream()
                .map(StoredObject::name)
                .filter(name ->
                        ArchiveNames.pieceOf(name).filter(segments::contains).isPresent())
                .sorted((one, other) -> other.lastPart().compareTo(one.lastPart()))
                .toList();
        for (ObjectName piece : pieces) {
            archive.deleteObject(piece);
        }
    }
}
