package org.pgark.cli.basebackup;

import org.pgark.cli.upstream.ProgramLog;
import org.pgark.physical.storedbackup.VerificationListener;

/** What pg_verifybackup says while it works. */
final class VerificationLines implements VerificationListener {
    private static final long NANOS_BETWEEN_REPORTS = 1_000_000_000;

    private final ProgramLog log;
    private final boolean progress;
    private long reported = Long.MIN_VALUE;

    VerificationLines(ProgramLog log, boolean progress) {
        this.log = log;
        this.progress = progress;
    }

    @Override
    public void error(String message) {
        log.error(message);
    }

    @Override
    public void walError(String message) {
        log.text("pg_waldump: error: " + message + "\n");
    }

    @Override
    public void progress(long done, long total, boolean finished) {
        long now = System.nanoTime();
        if (!progress || (!finished && reported != Long.MIN_VALUE && now - reported < NANOS_BETWEEN_REPORTS)) {
            return;
        }
        reported = now;
        String all = Long.toString(total / 1024);
        String some = Long.toString(done / 1024);
        long percent = total == 0 ? 0 : done * 100 / total;
        boolean stays = !finished && Boolean.getBoolean("pgark.terminal");
        log.text(" ".repeat(Math.max(0, all.length() - some.length())) + some + "/" + all + " kB (" + percent
                + "%) verified" + (stays ? "\r" : "\n"));
    }
}
