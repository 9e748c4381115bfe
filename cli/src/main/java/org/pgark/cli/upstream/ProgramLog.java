package org.pgark.cli.upstream;

import java.io.PrintStream;

/**
 * The lines that a program writes to standard error, in the form that PostgreSQL's front ends give them
 * ({@code pg_dump: error: ...}). May be used by several threads at once.
 */
public final class ProgramLog {
    /** How much a line matters; lines below the log's level are not written. */
    public enum Level {
        DEBUG,
        INFO,
        WARNING,
        ERROR
    }

    /** What a line is in a message of several. */
    public enum Part {
        PRIMARY,
        DETAIL,
        HINT
    }

    private final String program;
    private final PrintStream out;
    private volatile Level level = Level.INFO;
    private volatile boolean silent;

    ProgramLog(String program, PrintStream out) {
        this.program = program;
        this.out = out;
    }

    /** What has less weight than this is not written; {@link Level#INFO} at first. */
    public void setLevel(Level least) {
        level = least;
    }

    /** What each {@code --verbose} does: one level more is written. */
    public void increaseVerbosity() {
        level = switch (level) {
            case ERROR -> Level.WARNING;
            case WARNING -> Level.INFO;
            case INFO, DEBUG -> Level.DEBUG;
        };
    }

    /** Whether lines of this level are written. */
    public boolean writes(Level of) {
        return !silent && of.compareTo(level) >= 0;
    }

    /** {@code program: error: message}. */
    public void error(String message) {
        line(Level.ERROR, Part.PRIMARY, message);
    }

    /** {@code program: warning: message}. */
    public void warning(String message) {
        line(Level.WARNING, Part.PRIMARY, message);
    }

    /** {@code program: message}. */
    public void info(String message) {
        line(Level.INFO, Part.PRIMARY, message);
    }

    /** {@code program: message}, only for who asks for more than one {@code --verbose}. */
    public void debug(String message) {
        line(Level.DEBUG, Part.PRIMARY, message);
    }

    /** Writes one line, unless the level is too low. */
    public void line(Level of, Part part, String message) {
        if (writes(of)) {
            plain(program + ": " + label(of, part) + withoutLastNewline(message));
        }
    }

    /** Writes {@code program: message} whatever the level, as GNU's getopt does. */
    void complain(String message) {
        if (!silent) {
            plain(program + ": " + message);
        }
    }

    /** Text as it is, without the program's name: notices of a server, and progress, which end their lines themselves. */
    public synchronized void text(String text) {
        if (!silent) {
            out.print(text);
            out.flush();
        }
    }

    /** Asks something; the answer is typed on the same line. */
    void prompt(String text) {
        out.print(text);
        out.flush();
    }

    /** From now on nothing is written: the program was told to end, and what fails then fails for that reason. */
    void silence() {
        silent = true;
    }

    private synchronized void plain(String line) {
        out.print(line + "\n");
        out.flush();
    }

    private static String label(Level level, Part part) {
        return switch (part) {
            case DETAIL -> "detail: ";
            case HINT -> "hint: ";
            case PRIMARY ->
                switch (level) {
                    case ERROR -> "error: ";
                    case WARNING -> "warning: ";
                    case INFO, DEBUG -> "";
                };
        };
    }

    private static String withoutLastNewline(String message) {
        return message.endsWith("\n") ? message.substring(0, message.length() - 1) : message;
    }
}
