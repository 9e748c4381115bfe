package org.pgark.cli.output;

import org.pgark.physical.ProgressListener;

/** The progress of one command in the form that fits where it is seen; closing it clears the line that was drawn. */
public final class Progress implements AutoCloseable {
    private final ProgressListener listener;

    private Progress(ProgressListener listener) {
        this.listener = listener;
    }

    /** JSON lines where JSON was asked for, a bar on a terminal (the launcher tells), plain lines elsewhere. */
    public static Progress on(Output output) {
        if (output.json()) {
            return new Progress(new JsonProgress(output.err()));
        }
        if (Boolean.getBoolean("pgark.terminal") && !"dumb".equals(System.getenv("TERM"))) {
            return new Progress(new TerminalProgress(output.err()));
        }
        return new Progress(new PlainProgress(output.err()));
    }

    /** Whom to tell. */
    public ProgressListener listener() {
        return listener;
    }

    @Override
    public void close() {
        if (listener instanceof TerminalProgress terminal) {
            terminal.close();
        }
    }
}
