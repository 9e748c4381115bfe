package org.pgark.cli;

/** How pgark's own commands end, as seen by the shell. */
public enum ExitCode {
    DONE(0),
    FAILED(1),
    USAGE(2),
    DAMAGE_FOUND(3),
    REFUSED(4),
    BUSY(5),
    INTERRUPTED(130);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** The process's exit status. */
    public int number() {
        return number;
    }
}
