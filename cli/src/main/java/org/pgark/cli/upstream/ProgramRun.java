package org.pgark.cli.upstream;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One run of a program: what it was given, and where it says what. */
public final class ProgramRun {
    private final UpstreamProgram program;
    private final List<String> arguments;
    private final Map<String, String> environment;
    private final ProgramStreams streams;
    private final ProgramLog log;
    private final UpstreamVersion version;
    private final Termination termination;

    ProgramRun(
            UpstreamProgram program,
            List<String> arguments,
            Map<String, String> environment,
            ProgramStreams streams,
            ProgramLog log,
            UpstreamVersion version,
            Termination termination) {
        this.program = program;
        this.arguments = List.copyOf(arguments);
        this.environment = Map.copyOf(environment);
        this.streams = streams;
        this.log = log;
        this.version = version;
        this.termination = termination;
    }

    /** The program's name, as messages begin with it. */
    public String name() {
        return program.name();
    }

    /** All words after the program's name. */
    public List<String> arguments() {
        return arguments;
    }

    /** Reads the words by this table. */
    public OptionReader options(OptionTable table) {
        return new OptionReader(table, arguments, environment.containsKey("POSIXLY_CORRECT"));
    }

    /** The environment's variables. */
    public Map<String, String> environment() {
        return environment;
    }

    /** Lines on standard error. */
    public ProgramLog log() {
        return log;
    }

    /** Standard input. */
    public InputStream standardInput() {
        return streams.in();
    }

    /** Standard output, unbuffered; an error of writing is thrown. */
    public OutputStream standardOutput() {
        return streams.out();
    }

    /** Prints text to standard output. */
    public void print(String text) throws IOException {
        streams.out().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The version that PGARK_COMPAT asks for, else the newest. */
    public UpstreamVersion version() {
        return version;
    }

    /** The version of this program for the heads of what it writes, for example {@code 18.6 (pgark 0.1.0)}. */
    public String versionText() {
        return ProgramFrame.versionText(version);
    }

    /**
     * Has something done when the program is told to end (Ctrl-C, SIGTERM), on another thread, before the one that works is
     * interrupted: a query cancelled, a connection closed. Close what is returned when there is nothing to stop any more.
     */
    public Termination.Registration onTermination(Runnable action) {
        return termination.add(action);
    }

    /** Whether the program was told to end. */
    public boolean terminated() {
        return termination.happened();
    }

    /**
     * Runs another program as part of this one: it reads the same environment, says its errors on the same standard error, and
     * is told to end when this one is.
     *
     * @param variables environment variables that differ
     * @return its exit code
     */
    public int call(UpstreamProgram other, List<String> words, Map<String, String> variables, OutputStream out) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(variables);
        return new ProgramFrame(other, all, new ProgramStreams(streams.in(), kept(out), streams.err()))
                .runWithin(words, termination);
    }

    /** The stream, which stays open when the other program closes what it takes for its standard output. */
    private static OutputStream kept(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                out.flush();
            }
        };
    }
}
