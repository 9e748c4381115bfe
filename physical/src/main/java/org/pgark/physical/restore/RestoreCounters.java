package org.pgark.physical.restore;

import java.util.concurrent.atomic.LongAdder;
import org.pgark.physical.ProgressListener;

/** Counts what a restore does and tells the listener. Thread-safe. */
final class RestoreCounters {
    private final ProgressListener progress;
    private final LongAdder written = new LongAdder();
    private final LongAdder kept = new LongAdder();
    private final LongAdder removed = new LongAdder();

    RestoreCounters(ProgressListener progress) {
        this.progress = progress;
    }

    /** So many bytes of files are right now, of which so many had to be written. */
    void advanced(long bytes, long writtenBytes) {
        written.add(writtenBytes);
        kept.add(bytes - writtenBytes);
        progress.advanced(bytes);
    }

    void removed(long files) {
        removed.add(files);
    }

    long writtenBytes() {
        return written.sum();
    }

    long keptBytes() {
        return kept.sum();
    }

    long removedFiles() {
        return removed.sum();
    }
}
