package org.pgark.cli.upstream;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** A program for tests: it does what its options say. */
final class SampleProgram implements UpstreamProgram {
    private static final OptionTable OPTIONS = OptionTable.builder()
            .value('j', "jobs")
            .flag('v', "verbose")
            .value("throw")
            .flag("wait")
            .build();

    public static void main(String[] arguments) {
        int code = new ProgramFrame(
                        new SampleProgram(),
                        System.getenv(),
                        new ProgramStreams(
                                System.in, new FileOutputStream(FileDescriptor.out), new PrintStream(System.err)))
                .run(List.of(arguments));
        System.exit(code);
    }

    @Override
    public String name() {
        return "pg_sample";
    }

    @Override
    public String help() {
        return "pg_sample is a sample.\n";
    }

    @Override
    public boolean saysThatItWasTerminated() {
        return true;
    }

    @Override
    public int run(ProgramRun run) throws Exception {
        run.log().setLevel(ProgramLog.Level.WARNING);
        OptionReader options = run.options(OPTIONS);
        for (Optional<GivenOption> next = options.next(); next.isPresent(); next = options.next()) {
            GivenOption option = next.get();
            switch (option.name()) {
                case "jobs" -> OptionValue.integer(option.value(), "-j/--jobs", 1, Integer.MAX_VALUE);
                case "verbose" -> run.log().increaseVerbosity();
                case "wait" -> waitForever(run);
                default -> fail(option.value());
            }
        }
        if (options.operands().size() > 1) {
            throw new ProgramException("too many command-line arguments (first is \""
                            + options.operands().get(1) + "\")")
                    .withHelpHint();
        }
        run.log().warning("a warning");
        run.log().info("a step");
        run.log().debug("a small step");
        run.print("done for " + run.version().major().number() + "\n");
        return 0;
    }

    private static void waitForever(ProgramRun run) throws Exception {
        try (Termination.Registration _ = run.onTermination(() -> run.log().error("never seen"))) {
            run.print("waiting\n");
            Thread.sleep(60_000);
        } finally {
            run.print("put away\n");
        }
    }

    private static void fail(String how) throws Exception {
        if (how.equals("memory")) {
            throw new OutOfMemoryError();
        }
        throw switch (how) {
            case "file" -> new java.nio.file.NoSuchFileException("x");
            case "io" -> new IOException("x (Is a directory)");
            case "fault" -> new IllegalStateException("x");
            default ->
                new ProgramException("query failed")
                        .withDetail("a detail")
                        .withHint("a hint")
                        .withExitCode(3);
        };
    }
}
