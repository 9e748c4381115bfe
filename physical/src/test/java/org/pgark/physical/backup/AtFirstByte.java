package org.pgark.physical.backup;

import java.util.concurrent.atomic.AtomicBoolean;
import org.pgark.physical.ProgressListener;

/** Does something as soon as the first file is read. */
final class AtFirstByte implements ProgressListener {
    private final Runnable action;
    private final AtomicBoolean done = new AtomicBoolean();

    AtFirstByte(Runnable action) {
        this.action = action;
    }

    @Override
    public void phase(String name) {}

    @Override
    public void total(long files, long bytes) {}

    @Override
    public void advanced(long bytes) {
        if (done.compareAndSet(false, true)) {
            action.run();
        }
    }

    @Override
    public void notice(String message) {}

    @Override
    public void warning(String message) {}
}
