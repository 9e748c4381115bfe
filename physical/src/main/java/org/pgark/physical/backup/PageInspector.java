package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.page.PageChecksum;
import org.pgark.postgres.page.PageVerdict;
import org.pgark.postgres.page.PageVerifier;

/**
 * Checks the pages of one stretch of a relation's file, and reads those again that look wrong.
 *
 * <p>The server may be writing a page while it is read. Then its checksum is wrong, but soon right; or the page's LSN
 * lies after the backup's start, and recovery writes it anew from WAL. All else is damage. An LSN beyond what the server
 * has on disk of its WAL is damage too: it cannot have been written by the server.
 *
 * <p>One for each worker, not for several threads.
 */
final class PageInspector {
    private static final int PAGE = PageChecksum.PAGE_BYTES;
    private static final int TRIES = 5;
    private static final long PAUSE_MILLIS = 20;
    /** A file full of damage must not be waited for page by page. */
    private static final int PATIENT_STRETCHES = 32;

    private final Lsn backupStart;
    private final WalPosition flushed;
    private final AtomicLong checked;
    private final AtomicLong readAgain;
    private final ByteBuffer single = ByteBuffer.allocateDirect(PAGE);
    private int damagedStretches;

    /**
     * @param flushed asked how far the server's WAL is on disk, for pages that claim to be newer than the backup
     */
    PageInspector(Lsn backupStart, WalPosition flushed, AtomicLong checked, AtomicLong readAgain) {
        this.backupStart = backupStart;
        this.flushed = flushed;
        this.checked = checked;
        this.readAgain = readAgain;
    }

    /**
     * Inspects the whole pages of a stretch that was just read; pages that were read again are replaced in it.
     *
     * @param source where the stretch was read from
     * @param position where it begins in the file
     * @param stretch holds it, from its beginning
     * @param length of the stretch
     * @param firstBlock the number of the file's first page in its relation
     * @return the damaged pages
     */
    List<PageDamage> inspect(PageSource source, long position, byte[] stretch, int length, long firstBlock)
            throws IOException {
        int count = length / PAGE;
        checked.addAndGet(count);
        int firstPage = (int) (position / PAGE);
        BitSet wrong = new BitSet();
        for (int page = 0; page < count; page++) {
            if (isWrong(verdict(stretch, page, firstBlock + firstPage))) {
                wrong.set(page);
            }
        }
        if (wrong.isEmpty()) {
            return List.of();
        }
        if (source.mayChange()) {
            readAgain.addAndGet(wrong.cardinality());
            settle(source, position, stretch, firstBlock + firstPage, wrong);
        }
        return damages(stretch, firstPage, firstBlock + firstPage, wrong);
    }

    private PageVerdict verdict(byte[] stretch, int page, long blockOfFirst) {
        return PageVerifier.verify(stretch, page * PAGE, (int) (blockOfFirst + page), backupStart);
    }

    private static boolean isWrong(PageVerdict verdict) {
        return switch (verdict) {
            case VALID, NEW -> false;
            case RECENT, DAMAGED -> true;
        };
    }

    private void settle(PageSource source, long position, byte[] stretch, long blockOfFirst, BitSet wrong)
            throws IOException {
        int tries = damagedStretches < PATIENT_STRETCHES ? TRIES : 1;
        for (int attempt = 0; attempt < tries && !wrong.isEmpty(); attempt++) {
            if (attempt > 0) {
                pause();
            }
            for (int page = wrong.nextSetBit(0); page >= 0; page = wrong.nextSetBit(page + 1)) {
                single.clear();
                if (!source.fill(position + (long) page * PAGE, single)) {
                    // The relation was truncated meanwhile; recovery will do so too.
                    wrong.clear(page);
                    continue;
                }
                single.flip().get(0, stretch, page * PAGE, PAGE);
                if (!isWrong(verdict(stretch, page, blockOfFirst))) {
                    wrong.clear(page);
                }
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<PageDamage> damages(byte[] stretch, int firstPage, long blockOfFirst, BitSet wrong)
            throws IOException {
        List<PageDamage> damages = new ArrayList<>();
        for (int page = wrong.nextSetBit(0); page >= 0; page = wrong.nextSetBit(page + 1)) {
            Lsn lsn = PageVerifier.pageLsn(stretch, page * PAGE);
            boolean torn =
                    verdict(stretch, page, blockOfFirst) == PageVerdict.RECENT && !lsn.isAfter(flushed.reached(lsn));
            if (!torn) {
                damages.add(new PageDamage(firstPage + page, lsn));
            }
        }
        if (!damages.isEmpty()) {
            damagedStretches++;
        }
        return damages;
    }
}
