package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.pgark.physical.ProgressListener;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.page.HintBits;
import org.pgark.repository.content.ContentHasher;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FramePart;
import org.pgark.repository.pack.FrameReader;

/**
 * Looks at pages that are not as the base has them though WAL says nothing of a change: either the page or the knowledge
 * of what changed is wrong. The page is stored as it is now in any case. For several threads.
 */
final class Recheck implements AutoCloseable {
    private static final int MOST_WARNINGS = 100;

    private final Lsn start;
    private final FrameReader frames;
    private final ProgressListener progress;
    private final AtomicLong unexplained = new AtomicLong();

    /**
     * @param start of this backup: pages that changed since then had no need to be in what was known
     * @param frames reads what the base has; closed by this
     */
    Recheck(Lsn start, FrameReader frames, ProgressListener progress) {
        this.start = start;
        this.frames = frames;
        this.progress = progress;
    }

    /** Looks at a page whose content differs. */
    void look(KnownFile file, int page, ByteBuffer now, Earlier base) {
        Lsn lsn = new Lsn(((long) now.getInt(0) << 32) | (now.getInt(4) & 0xFFFF_FFFFL));
        if (!start.isAfter(lsn) || isHintBitsOnly(page, now, base)) {
            return;
        }
        if (unexplained.incrementAndGet() <= MOST_WARNINGS) {
            progress.warning("page " + page + " of \"" + file.source().path() + "\" (page LSN " + lsn
                    + ") is not as the base has it, though WAL says nothing of a change; it is stored as it is now."
                    + " The page was damaged on disk, or pgark has an error: take a backup with --full.");
        }
    }

    /** Is told of a page that is damaged on disk, and of which the backup keeps what the base has. */
    void rotten(KnownFile file, int page) {
        if (unexplained.incrementAndGet() <= MOST_WARNINGS) {
            progress.warning(
                    "page " + page + " of \"" + file.source().path()
                            + "\" is damaged on disk, though WAL says nothing of a change; the backup keeps it as its base has it");
        }
    }

    private boolean isHintBitsOnly(int page, ByteBuffer now, Earlier base) {
        long position = (long) page * ContentHasher.UNIT;
        List<Earlier.Piece> pieces = base.cut(position, position + ContentHasher.UNIT);
        if (pieces.size() != 1
                || !(pieces.getFirst().extent() instanceof Extent.Stored(FramePart part))
                || part.length() != ContentHasher.UNIT) {
            return false;
        }
        try {
            byte[] raw = new byte[part.frame().rawLength()];
            synchronized (frames) {
                frames.read(part.frame(), raw);
            }
            ByteBuffer before =
                    ByteBuffer.wrap(raw, part.offset(), part.length()).slice().order(ByteOrder.LITTLE_ENDIAN);
            return HintBits.alone(before, now);
        } catch (IOException e) {
            progress.warning("what the base has of page " + page + " cannot be read: " + e.getMessage());
            return false;
        }
    }

    /** How many pages differed for no reason that is known. */
    long unexplained() {
        return unexplained.get();
    }

    @Override
    public void close() {
        frames.close();
    }
}
