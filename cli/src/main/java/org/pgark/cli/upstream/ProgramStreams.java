package org.pgark.cli.upstream;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Objects;

/**
 * What a program reads and writes.
 *
 * @param in standard input
 * @param out standard output, whose write errors are told
 * @param err standard error
 */
public record ProgramStreams(InputStream in, OutputStream out, PrintStream err) {
    /** Checks that all are there. */
    public ProgramStreams {
        Objects.requireNonNull(in, "in is null");
        Objects.requireNonNull(out, "out is null");
        Objects.requireNonNull(err, "err is null");
    }
}
