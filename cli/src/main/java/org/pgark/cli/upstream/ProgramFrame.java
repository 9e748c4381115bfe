package org.pgark.cli.upstream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.pgark.cli.upstream.ProgramLog.Level;
import org.pgark.cli.upstream.ProgramLog.Part;

/** Runs a program: answers {@code --help} and {@code --version}, and turns what it throws into lines and exit codes. */
public final class ProgramFrame {
    private static final int FAILED = 1;
    private static final int INTERRUPTED = 130;

    private final UpstreamProgram program;
    private final Map<String, String> environment;
    private final ProgramStreams streams;
    private final ProgramLog log;

    /** A frame around this program. */
    public ProgramFrame(UpstreamProgram program, Map<String, String> environment, ProgramStreams streams) {
        this.program = program;
        this.environment = Map.copyOf(environment);
        this.streams = streams;
        this.log = new ProgramLog(program.name(), streams.err());
    }

    /** Runs the program on the calling thread, and returns its exit code when everything is written. */
    public int run(List<String> arguments) {
        Termination termination = new Termination(Thread.currentThread(), this::announceTermination);
        int exitCode = runWithin(arguments, termination);
        if (termination.happened() && exitCode != 0) {
            exitCode = program.saysThatItWasTerminated() ? FAILED : INTERRUPTED;
        }
        streams.err().flush();
        termination.over(exitCode);
        return exitCode;
    }

    /** Runs the program as part of another, which is told to end for both. */
    int runWithin(List<String> arguments, Termination termination) {
        int exitCode = FAILED;
        try {
            exitCode = answer(arguments, termination);
        } catch (UsageException e) {
            log.complain(String.valueOf(e.getMessage()));
            log.line(Level.ERROR, Part.HINT, helpHint());
        } catch (ProgramException e) {
            e.write(log, helpHint());
            exitCode = e.exitCode();
        } catch (InterruptedException e) {
            exitCode = INTERRUPTED;
        } catch (IOException e) {
            log.error(OperatingSystemMessage.of(e));
        } catch (OutOfMemoryError e) {
            log.error("out of memory");
            log.line(Level.ERROR, Part.HINT, "PGARK_HEAP=512m gives pgark more.");
        } catch (RuntimeException | LinkageError | AssertionError e) {
            explainFault(e);
        } catch (Exception e) {
            log.error(Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName()));
        }
        return exitCode;
    }

    private int answer(List<String> arguments, Termination termination) throws Exception {
        String first = arguments.isEmpty() ? "" : arguments.getFirst();
        if (first.equals("--help") || first.equals("-?")) {
            print(program.help());
            return 0;
        }
        UpstreamVersion version = UpstreamVersion.of(environment);
        if (first.equals("--version") || first.equals("-V")) {
            print(program.name() + " (PostgreSQL) " + versionText(version) + "\n");
            return 0;
        }
        termination.watch();
        termination.add(log::silence);
        return program.run(new ProgramRun(program, arguments, environment, streams, log, version, termination));
    }

    /** For example {@code 18.6 (pgark 0.1.0)}. */
    static String versionText(UpstreamVersion version) {
        String own =
                Objects.requireNonNullElse(ProgramFrame.class.getPackage().getImplementationVersion(), "development");
        return version.release() + " (pgark " + own + ")";
    }

    private void print(String text) throws IOException {
        streams.out().write(text.getBytes(StandardCharsets.UTF_8));
        streams.out().flush();
    }

    private String helpHint() {
        return "Try \"" + program.name() + " --help\" for more information.";
    }

    private void announceTermination() {
        if (program.saysThatItWasTerminated()) {
            log.complain("terminated by user");
        }
        log.silence();
    }

    private void explainFault(Throwable fault) {
        log.error("internal error: " + fault);
        if (environment.containsKey("PGARK_DEBUG")) {
            fault.printStackTrace(streams.err());
        } else {
            log.line(Level.ERROR, Part.HINT, "PGARK_DEBUG=1 shows where it happened.");
        }
    }
}
