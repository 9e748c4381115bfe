package org.pgark.physical.backup;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.pgark.physical.systemcall.PageCache;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.page.PageVerifier;
import org.pgark.repository.content.ContentHasher;
import org.pgark.repository.content.ContentHashes;
import org.pgark.repository.content.ContentHashing;
import org.pgark.repository.content.ContentKey;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FrameCompressor;

/**
 * Passes a few pages of its own through what each page of a backup passes through, while the backup is still being prepared:
 * native code is loaded then, and Java has compiled what would else begin slowly and on all threads at once.
 */
public final class WarmUp {
    /** Of a frame; Java interprets some eighty milliseconds of this work, and runs it in less than one. */
    private static final long FAST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ContentHasher hasher =
            new ContentHashes(ContentKey.random(new SplittableRandom()), ContentHashing.NH_HMAC).hasher();
    private final byte[] frame = new byte[Packer.FRAME_BYTES];

    private WarmUp() {}

    /** Begins on a thread of its own that nobody waits for; it ends by itself within some seconds. */
    public static void begin() {
        started();
    }

    static Thread started() {
        return Thread.ofPlatform().name("pgark-warm-up").daemon().start(() -> new WarmUp().run());
    }

    private void run() {
        PageCache.available();
        new SplittableRandom().nextBytes(frame);
        compress();
        long begin = System.nanoTime();
        long round = begin;
        long took;
        do {
            pass();
            long now = System.nanoTime();
            took = now - round;
            round = now;
        } while (took > FAST_NANOS && round - begin < LONGEST_NANOS);
    }

    private void compress() {
        try (FrameCompressor compressor = new FrameCompressor(Compression.DEFAULT)) {
            compressor.compressed(
                    ByteBuffer.allocateDirect(Packer.FRAME_BYTES).put(frame).flip());
        }
    }

    private void pass() {
        hasher.hashUnits(frame, 0, frame.length);
        for (int page = 0; page < frame.length / ContentHasher.UNIT; page++) {
            PageVerifier.verify(frame, page * ContentHasher.UNIT, page, Lsn.ZERO);
        }
    }
}
