package org.pgark.cli.replication;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.pgark.cli.upstream.ProgramLog;
import org.pgark.physical.basebackup.BaseBackupListener;

/** Prints how a base backup goes on, in pg_basebackup's words. */
final class BackupProgress implements BaseBackupListener {
    private static final int NAME_LENGTH = 35;

    private final ProgramLog log;
    private final boolean shown;
    private final boolean verbose;
    private final boolean onTerminal;
    private String file = "";
    private long totalKilobytes;
    private int tablespaceCount;
    private long doneKilobytes;
    private long lastSecond;

    BackupProgress(ProgramLog log, boolean shown, boolean verbose) {
        this.log = log;
        this.shown = shown;
        this.verbose = verbose;
        this.onTerminal = shown && isTerminal();
    }

    private static boolean isTerminal() {
        try {
            String path = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return path.startsWith("/dev/pts/") || path.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    @Override
    public void verbose(String line) {
        if (verbose) {
            log.info(line);
        }
    }

    @Override
    public void info(String line) {
        log.info(line);
    }

    @Override
    public void error(String line) {
        log.error(line);
    }

    @Override
    public void waitingForCheckpoint() {
        if (shown && !verbose) {
            log.text("waiting for checkpoint" + lineEnd(false));
        }
    }

    private String lineEnd(boolean finished) {
        return onTerminal && !finished ? "\r" : "\n";
    }

    @Override
    public void expected(long kilobytes, int tablespaces) {
        totalKilobytes = kilobytes;
        tablespaceCount = tablespaces;
    }

    @Override
    public void file(String path) {
        file = path;
    }

    @Override
    public void progress(long bytes, int tablespaces, boolean news) {
        doneKilobytes = bytes / 1024;
        if (shown) {
            show(Math.max(0, tablespaces), news, false);
        }
    }

    @Override
    public void received(int tablespaces) {
        file = "";
        if (shown) {
            show(tablespaces, true, true);
        }
    }

    private void show(int tablespaces, boolean news, boolean finished) {
        long second = System.currentTimeMillis() / 1000;
        if (second == lastSecond && !news) {
            return;
        }
        lastSecond = second;
        long percent = totalKilobytes == 0 ? 0 : Math.min(100, doneKilobytes * 100 / totalKilobytes);
        totalKilobytes = Math.max(totalKilobytes, doneKilobytes);
        String total = Long.toString(totalKilobytes);
        String amount = String.format(Locale.ROOT, "%" + total.length() + "d/%s kB", doneKilobytes, total);
        boolean cleared = verbose && file.isEmpty();
        String line = amount + " (" + (cleared ? 100 : percent) + "%), " + tablespaces + "/" + tablespaceCount
                + (tablespaceCount == 1 ? " tablespace" : " tablespaces");
        if (verbose) {
            line += cleared ? " " + " ".repeat(NAME_LENGTH + 5) : " (" + shortened(file) + ")";
        }
        log.text(line + lineEnd(finished));
    }

    private static String shortened(String name) {
        return name.length() > NAME_LENGTH
                ? "..." + name.substring(name.length() - NAME_LENGTH + 3)
                : String.format(Locale.ROOT, "%-" + NAME_LENGTH + "s", name);
    }
}
