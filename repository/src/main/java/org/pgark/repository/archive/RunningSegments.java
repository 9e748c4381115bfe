package org.pgark.repository.archive;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.storage.ObjectName;
import org.pgark.storage.StoredObject;

/**
 * Segments that a receiver of WAL has not finished yet, saved piece by piece as they grow. For several threads.
 *
 * <p>A piece is named by where it begins in its segment, and the one that begins where it ends goes on with it, so that
 * the pieces of a segment are one chain that is found without a listing. Whoever finds a name taken compares: the chain of
 * a timeline's segment is the same for every receiver, or one of them follows another server.
 *
 * <p>Pieces are cut at fixed offsets, and where there are many between two of them, one object takes their place. A receiver
 * that has not seen this may still save a piece in the middle, and sees it then: what it has is compared with the chain, and
 * goes on where that ends.
 *
 * <p>Else pieces are deleted only when the whole segment is in the archive. A reader that finds a piece missing therefore asks
 * for the whole segment once more.
 */
public final class RunningSegments {
    private final WalArchive archive;

    RunningSegments(WalArchive archive) {
        this.archive = archive;
    }

    /** How much of a segment is saved, in bytes from its start; 0 if nothing is. Reads the chain. */
    public int savedTo(WalSegmentName segment) throws IOException {
        return content(segment).length;
    }

    /** What is saved of a segment, for whoever saves more of it; nothing of it is read yet. */
    public PieceChain chain(WalSegmentName segment, WalSegmentSize size) {
        return new PieceChain(archive, segment, size.bytes());
    }

    /** The same of a segment of unknown size. */
    PieceChain chain(WalSegmentName segment) {
        return new PieceChain(archive, segment, PieceChain.LONGEST_SEGMENT);
    }

    /** What is saved of a segment; empty if nothing is. */
    public byte[] content(WalSegmentName segment) throws IOException {
        return chain(segment).read();
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
