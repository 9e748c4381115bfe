package org.pgark.cli;

import java.util.Locale;
import org.pgark.cli.upstream.ProgramLog;
import org.pgark.physical.ProgressListener;

/** Tells pg_basebackup's user how a backup into a repository goes on. Safe for several threads. */
final class BaseBackupLines implements ProgressListener, AutoCloseable {
    private static final long NANOS_BETWEEN = 1_000_000_000L;

    private final ProgramLog log;
    private final boolean shown;
    private final boolean verbose;
    private long total;
    private long done;
    private long said = System.nanoTime();

    BaseBackupLines(ProgramLog log, boolean shown, boolean verbose) {
        this.log = log;
        this.shown = shown;
        this.verbose = verbose;
    }

    @Override
    public void phase(String name) {
        notice(name);
    }

    @Override
    public synchronized void total(long files, long bytes) {
        total = bytes;
    }

    @Override
    public synchronized void advanced(long bytes) {
        done += bytes;
        if (shown && System.nanoTime() - said >= NANOS_BETWEEN) {
            said = System.nanoTime();
            show();
        }
    }

    private void show() {
        long whole = Math.max(total, done);
        long percent = total == 0 ? 0 : done * 100 / whole;
        log.text(String.format(Locale.ROOT, "%d/%d kB (%d%%)\n", done / 1024, whole / 1024, percent));
    }

    @Override
    public void notice(String message) {
        if (verbose) {
            log.info(message);
        }
    }

    @Override
    public void warning(String message) {
        log.warning(message);
    }

    /** Says how much it was in the end. */
    @Override
    public synchronized void close() {
        if (shown) {
            show();
        }
    }
}
