package org.pgark.cli.upstream;

import org.pgark.logical.archive.ArchiveMessages;
import org.pgark.logical.catalog.DumpListener;

/** Writes the lines of a dump to standard error. */
public final class DumpLines implements DumpListener, ArchiveMessages {
    private final ProgramLog log;

    /** Lines of this log. */
    public DumpLines(ProgramLog log) {
        this.log = log;
    }

    @Override
    public void progress(String line) {
        log.info(line);
    }

    @Override
    public void info(String line) {
        log.info(line);
    }

    @Override
    public void debug(String line) {
        log.debug(line);
    }

    @Override
    public void warning(String line) {
        log.warning(line);
    }

    @Override
    public void error(String line) {
        log.error(line);
    }

    @Override
    public void detail(String line) {
        log.line(ProgramLog.Level.WARNING, ProgramLog.Part.DETAIL, line);
    }

    @Override
    public void hint(String line) {
        log.line(ProgramLog.Level.WARNING, ProgramLog.Part.HINT, line);
    }
}
