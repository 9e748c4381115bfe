package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.systemcall.PageCache;
import org.pgark.repository.content.ContentHasher;

/**
 * Some megabytes of a large file, in frames of their own, so that many workers can share the file. What the file grew
 * by since it was listed is left to WAL.
 *
 * @param position where it begins in the file
 * @param length how many bytes it has
 * @param last whether it is the file's last one
 * @param base what the base has of this stretch of the file
 * @param elsewhere what may be the same in other places
 * @param footprint how much of the file was in memory before, where that is known: no more stays there
 */
record Slice(
        KnownFile file,
        long position,
        long length,
        boolean last,
        Earlier base,
        Earlier elsewhere,
        Optional<PageCache.Footprint> footprint)
        implements PackingTask {
    /** Long enough that opening the file costs nothing, short enough that no worker is left alone at the end. */
    static final long MAX_BYTES = 4 << 20;
    /** The same where most of it may be known already; long enough that what is new fills frames. */
    static final long MAX_KNOWN_BYTES = 32 << 20;

    @Override
    public List<PackedPart> pack(Packer packer) throws IOException, FailedException, InterruptedException {
        FileChannel opened;
        try {
            opened = FileChannel.open(file.source().place(), StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            return List.of(PackedPart.vanished(file, last));
        } catch (IOException e) {
            throw UnreadableFile.failure(file.source().path(), e);
        }
        try (FileChannel channel = opened) {
            PackedPart part = pack(packer, channel);
            footprint.ifPresent(before -> before.restore(position, length));
            return List.of(part);
        }
    }

    private PackedPart pack(Packer packer, FileChannel channel)
            throws IOException, FailedException, InterruptedException {
        Placement placement = new Placement();
        List<PageDamage> damages = new ArrayList<>();
        long done = 0;
        while (done < length) {
            long at = position + done;
            int page = (int) (at / ContentHasher.UNIT);
            Optional<BitSet> wantedPages = file.reading().map(Reading::pages);
            if (wantedPages.isPresent() && !wantedPages.get().get(page)) {
                long skipped = end(wantedPages.get().nextSetBit(page)) - done;
                base.cut(at, at + skipped).forEach(piece -> placement.addUnchanged(piece.extent()));
                packer.passedOver(skipped);
                done += skipped;
                continue;
            }
            long end = wantedPages.map(pages -> end(pages.nextClearBit(page))).orElse(length);
            int wanted = (int) Math.min(Packer.FRAME_BYTES, end - done);
            int read = packer.pack(file, PageSource.of(channel), at, wanted, base, elsewhere, placement, damages);
            done += read;
            if (read < wanted) {
                break;
            }
        }
        packer.flush();
        return new PackedPart(
                file,
                last,
                true,
                length - done,
                placement.extents(),
                placement.isUnchanged() && done == length,
                damages);
    }

    /** Where a page of the file begins in this slice, or the slice ends. */
    private long end(int page) {
        return page < 0 ? length : Math.min((long) page * ContentHasher.UNIT - position, length);
    }
}
