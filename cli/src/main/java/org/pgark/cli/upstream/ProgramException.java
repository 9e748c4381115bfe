package org.pgark.cli.upstream;

import java.util.ArrayList;
import java.util.List;
import org.pgark.cli.upstream.ProgramLog.Part;

/** The end of a program that cannot go on: what it says as an error, and its exit code, which is 1 unless another is set. */
public final class ProgramException extends Exception {
    private static final long serialVersionUID = 1;

    private record Line(Part part, String text) {}

    private final transient List<Line> more;
    private final boolean hintsAtHelp;
    private final int exitCode;

    /** An error of one line. */
    public ProgramException(String message) {
        this(message, List.of(), false, 1);
    }

    private ProgramException(String message, List<Line> more, boolean hintsAtHelp, int exitCode) {
        super(message);
        this.more = List.copyOf(more);
        this.hintsAtHelp = hintsAtHelp;
        this.exitCode = exitCode;
    }

    /** The same with a line {@code detail: ...}. */
    public ProgramException withDetail(String text) {
        return with(Part.DETAIL, text);
    }

    /** The same with a line {@code hint: ...}. */
    public ProgramException withHint(String text) {
        return with(Part.HINT, text);
    }

    /** The same, followed by the hint at {@code --help} that wrong usage gets. */
    public ProgramException withHelpHint() {
        return same(more, true, exitCode);
    }

    /** The same with another exit code. */
    public ProgramException withExitCode(int code) {
        return same(more, hintsAtHelp, code);
    }

    int exitCode() {
        return exitCode;
    }

    void write(ProgramLog log, String helpHint) {
        log.error(String.valueOf(getMessage()));
        more.forEach(line -> log.line(ProgramLog.Level.ERROR, line.part(), line.text()));
        if (hintsAtHelp) {
            log.line(ProgramLog.Level.ERROR, Part.HINT, helpHint);
        }
    }

    private ProgramException with(Part part, String text) {
        List<Line> lines = new ArrayList<>(more);
        lines.add(new Line(part, text));
        return same(lines, hintsAtHelp, exitCode);
    }

    private ProgramException same(List<Line> lines, boolean help, int code) {
        ProgramException other = new ProgramException(String.valueOf(getMessage()), lines, help, code);
        other.setStackTrace(getStackTrace());
        if (getCause() != null) {
            other.initCause(getCause());
        }
        return other;
    }
}
