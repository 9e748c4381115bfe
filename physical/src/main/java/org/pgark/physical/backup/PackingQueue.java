package org.pgark.physical.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;
import org.pgark.physical.failure.FailedException;

/**
 * What was received and waits for the crew, small files together. Holds whoever adds to it back while as much is under way
 * as the crew can do. Not for several threads.
 */
final class PackingQueue {
    /** What is received of large files before it is packed. */
    static final int CHUNK_BYTES = 4 << 20;

    /** The most chunks that may wait or be worked on. */
    private static final int MOST_UNDER_WAY = 16;

    private final PackingCrew crew;
    private final ReceivedFiles files;
    private final int limit;
    private final Deque<Future<List<PackedPart>>> underWay = new ArrayDeque<>();
    private ByteArrayOutputStream bundleBytes = new ByteArrayOutputStream();
    private List<ReceivedBundle.Member> bundle = new ArrayList<>();

    /** @param files takes up what was packed */
    PackingQueue(PackingCrew crew, int jobs, ReceivedFiles files) {
        this.crew = crew;
        this.files = files;
        this.limit = Math.min(jobs + 2, MOST_UNDER_WAY);
    }

    /** Begins a small file; tells where its bytes begin among those of its neighbours. */
    int beginSmall(long size) throws IOException {
        if (bundleBytes.size() + size > Bundle.MAX_BYTES || bundle.size() >= Bundle.MAX_FILES) {
            submitBundle();
        }
        return bundleBytes.size();
    }

    /** Adds bytes to the small file. */
    void addSmall(byte[] source, int offset, int length) {
        bundleBytes.write(source, offset, length);
    }

    /** Ends the small file that began at {@code begin}. */
    void endSmall(KnownFile file, int begin, Earlier base, Earlier elsewhere) {
        bundle.add(new ReceivedBundle.Member(file, begin, bundleBytes.size() - begin, base, elsewhere));
    }

    /** Hands the small files to the crew that have come together; to be called before parts of large ones are. */
    void submitBundle() throws IOException {
        if (!bundle.isEmpty()) {
            submit(new ReceivedBundle(bundleBytes.toByteArray(), bundle));
            bundle = new ArrayList<>();
            bundleBytes = new ByteArrayOutputStream();
        }
    }

    /** Hands something to the crew. */
    void submit(PackingTask task) throws IOException {
        while (underWay.size() >= limit) {
            takeOldest();
        }
        underWay.add(crew.submit(task));
    }

    /** Waits until everything is packed. */
    void finish() throws IOException {
        submitBundle();
        while (!underWay.isEmpty()) {
            takeOldest();
        }
    }

    private void takeOldest() throws IOException {
        try {
            for (PackedPart part : PackingCrew.result(underWay.removeFirst())) {
                files.add(part);
            }
        } catch (FailedException e) {
            throw new ReceivingException(e);
        } catch (InterruptedException e) {
            throw new ReceivingException(e);
        }
    }
}
