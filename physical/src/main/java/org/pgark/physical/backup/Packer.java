package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.datadir.RelationPath;
import org.pgark.repository.content.ContentHasher;
import org.pgark.repository.content.FrameContents;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FramePart;
import org.pgark.repository.pack.PackWriter;

/** The tools of one worker: its open pack, the frame that it fills, its page inspector. */
final class Packer implements AutoCloseable {
    /** Raw bytes of a frame: 32 pages. */
    static final int FRAME_BYTES = 256 << 10;

    private static final int UNIT = ContentHasher.UNIT;
    private static final byte[] ZEROS = new byte[UNIT];

    private final PackWriter packs;
    private final ContentHasher hasher;
    private final Filling filling;
    private final KnownHashes known;
    private final Leftovers leftovers;
    private final ReadRate rate;
    private final Recheck recheck;
    private final Optional<PageInspector> inspector;
    private final int relationSegmentBlocks;
    private final ProgressListener progress;
    private final AtomicBoolean cancelled;
    private final ByteBuffer stretch = ByteBuffer.allocateDirect(FRAME_BYTES);
    private final byte[] bytes = new byte[FRAME_BYTES];

    /**
     * @param known what earlier backups stored
     * @param leftovers told what of them is used
     * @param rate shared by all workers
     * @param recheck told of pages that changed though nothing said so
     * @param inspector absent where pages carry no checksums
     * @param relationSegmentBlocks pages of a relation's file before the next one begins
     * @param cancelled set when the backup is given up
     */
    Packer(
            PackWriter packs,
            ContentHasher hasher,
            SharedRuns shared,
            KnownHashes known,
            Leftovers leftovers,
            ReadRate rate,
            Recheck recheck,
            Optional<PageInspector> inspector,
            int relationSegmentBlocks,
            ProgressListener progress,
            AtomicBoolean cancelled) {
        this.packs = packs;
        this.hasher = hasher;
        this.filling = new Filling(packs, shared, leftovers, hasher);
        this.known = known;
        this.leftovers = leftovers;
        this.rate = rate;
        this.recheck = recheck;
        this.inspector = inspector;
        this.relationSegmentBlocks = relationSegmentBlocks;
        this.progress = progress;
        this.cancelled = cancelled;
    }

    PackWriter packs() {
        return packs;
    }

    /** Says that bytes were passed over without being read. */
    void passedOver(long count) {
        progress.advanced(count);
    }

    /** Writes what is waiting for the rest of its frame; then all placements are complete. */
    void flush() throws IOException {
        filling.flush();
    }

    /**
     * Reads a stretch of a file, inspects its pages, and stores what the earlier backups do not hold at the same place.
     *
     * <p>Of a page that is damaged now, though nothing says that it changed, the base's content is kept: what is on disk
     * is of no use to anybody.
     *
     * @param position where the stretch begins in the file, at a whole unit
     * @param length of the stretch, {@link #FRAME_BYTES} at most
     * @param base what the base has of the file
     * @param elsewhere what may be the same in other places
     * @param damages takes up the damaged pages
     */
    int pack(
            KnownFile file,
            PageSource pages,
            long position,
            int length,
            Earlier base,
            Earlier elsewhere,
            Placement placement,
            List<PageDamage> damages)
            throws IOException, FailedException, InterruptedException {
        List<PageDamage> damaged = new ArrayList<>();
        int read = read(file.source(), pages, position, length, damaged);
        byte[] hashes = hasher.hashUnits(bytes, 0, read);
        @Nullable Extent[] found = new @Nullable Extent[ContentHasher.units(read)];
        match(base, position, read, hashes, found);
        BitSet ofBase = new BitSet();
        for (int unit = 0; unit < found.length; unit++) {
            ofBase.set(unit, found[unit] != null);
        }
        file.reading().ifPresent(reading -> recheck(file, reading, position, read, base, damaged, found, ofBase));
        damages.addAll(damaged);
        match(elsewhere, position, read, hashes, found);
        int unit = 0;
        while (unit < found.length) {
            int offset = unit * UNIT;
            Extent same = found[unit];
            if (same != null) {
                if (ofBase.get(unit)) {
                    placement.addUnchanged(same);
                } else {
                    placement.add(same);
                    if (same instanceof Extent.Stored(FramePart part)) {
                        leftovers.use(part);
                    }
                }
                unit++;
            } else if (isZero(offset, Math.min(UNIT, read - offset))) {
                placement.add(new Extent.Zeros(Math.min(UNIT, read - offset)));
                unit++;
            } else {
                int end = unit + 1;
                while (end < found.length
                        && found[end] == null
                        && !isZero(end * UNIT, Math.min(UNIT, read - end * UNIT))) {
                    end++;
                }
                int run = Math.min(end * UNIT, read) - offset;
                byte[] ofRun = Arrays.copyOfRange(hashes, unit * ContentHasher.LENGTH, end * ContentHasher.LENGTH);
                filling.add(
                        bytes,
                        offset,
                        new FrameContents.Part(file.source().path(), position + offset, run, ofRun),
                        placement);
                unit = end;
            }
        }
        return read;
    }

    /** Looks at those pages of a stretch that should be as the base has them, but are not. */
    private void recheck(
            KnownFile file,
            Reading reading,
            long position,
            int read,
            Earlier base,
            List<PageDamage> damaged,
            @Nullable Extent[] found,
            BitSet ofBase) {
        int firstPage = (int) (position / UNIT);
        for (int unit = 0; (unit + 1) * UNIT <= read; unit++) {
            int page = firstPage + unit;
            if (ofBase.get(unit) || !reading.expectedSame().get(page)) {
                continue;
            }
            List<Earlier.Piece> pieces = base.cut((long) page * UNIT, (long) (page + 1) * UNIT);
            if (pieces.size() == 1
                    && pieces.getFirst().extent().length() == UNIT
                    && damaged.removeIf(damage -> damage.page() == page)) {
                recheck.rotten(file, page);
                found[unit] = pieces.getFirst().extent();
                ofBase.set(unit);
            } else {
                recheck.look(
                        file,
                        page,
                        ByteBuffer.wrap(bytes, unit * UNIT, UNIT).slice().order(ByteOrder.LITTLE_ENDIAN),
                        base);
            }
        }
    }

    private void match(Earlier earlier, long position, int read, byte[] hashes, @Nullable Extent[] found) {
        for (Earlier.Piece piece : earlier.cut(position, position + read)) {
            int begin = (int) (piece.position() - position);
            if (begin % UNIT != 0) {
                continue;
            }
            int first = begin / UNIT;
            int length = (int) piece.extent().length();
            // The last unit of a file may be short, and is known only if it is the last one here too.
            int units = begin + length == read ? ContentHasher.units(length) : length / UNIT;
            Optional<byte[]> expected =
                    piece.extent() instanceof Extent.Stored(FramePart part) ? known.of(part) : Optional.empty();
            for (int unit = 0; unit < units; unit++) {
                int at = first + unit;
                int unitLength = Math.min(UNIT, length - unit * UNIT);
                boolean same = piece.extent() instanceof Extent.Zeros
                        ? isZero(at * UNIT, unitLength)
                        : expected.isPresent() && isSame(expected.get(), unit, hashes, at);
                if (same && found[at] == null) {
                    found[at] = part(piece.extent(), unit * UNIT, unitLength);
                }
            }
        }
    }

    private static boolean isSame(byte[] expected, int unit, byte[] hashes, int at) {
        return Arrays.equals(
                expected,
                unit * ContentHasher.LENGTH,
                (unit + 1) * ContentHasher.LENGTH,
                hashes,
                at * ContentHasher.LENGTH,
                (at + 1) * ContentHasher.LENGTH);
    }

    private static Extent part(Extent extent, int offset, int length) {
        return switch (extent) {
            case Extent.Zeros _ -> new Extent.Zeros(length);
            case Extent.Stored(FramePart part) ->
                new Extent.Stored(new FramePart(part.frame(), part.offset() + offset, length));
        };
    }

    private boolean isZero(int offset, int length) {
        return Arrays.equals(bytes, offset, offset + length, ZEROS, 0, length);
    }

    private int read(SourceFile file, PageSource pages, long position, int length, List<PageDamage> damages)
            throws IOException, FailedException, InterruptedException {
        if (cancelled.get()) {
            throw new InterruptedException();
        }
        rate.await(length);
        stretch.clear().limit(length);
        try {
            pages.fill(position, stretch);
            stretch.get(0, bytes, 0, stretch.position());
            damages.addAll(inspect(file, pages, position));
        } catch (ConnectionException e) {
            // Only pages that claim to be newer than the backup are asked the server about.
            throw e;
        } catch (IOException e) {
            if (!pages.mayChange()) {
                throw e;
            }
            throw UnreadableFile.failure(file.path(), e);
        }
        int read = stretch.position();
        progress.advanced(read);
        return read;
    }

    private List<PageDamage> inspect(SourceFile file, PageSource pages, long position) throws IOException {
        if (inspector.isEmpty()) {
            return List.of();
        }
        Optional<RelationPath> relation = RelationPath.parse(file.path());
        if (relation.isEmpty()) {
            return List.of();
        }
        long firstBlock = (long) relation.get().file().segment() * relationSegmentBlocks;
        return inspector.get().inspect(pages, position, bytes, stretch.position(), firstBlock);
    }

    @Override
    public void close() throws IOException {
        packs.close();
    }
}
