package org.pgark.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Words;
import org.pgark.storage.RepeatedRequests;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** One run of the program: from the words that were typed to the exit code. */
final class CommandLineRun {
    private final PrintStream out;
    private final PrintStream err;
    private final List<String> arguments;

    CommandLineRun(PrintStream out, PrintStream err, List<String> arguments) {
        this.out = out;
        this.err = err;
        this.arguments = arguments;
    }

    int run() {
        RepeatedRequests.begin();
        Invocation invocation = new Invocation(out, err, arguments);
        CommandLine commandLine = new CommandLine(new PgarkCommand(invocation), new CommandFactory(invocation));
        Commands.addTo(commandLine, arguments);
        commandLine.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpAutoWidth(true);
        commandLine.setParameterExceptionHandler(this::explainUsage);
        commandLine.setExecutionExceptionHandler((exception, command, result) -> Failures.explain(
                        Interruption.happened() ? new InterruptedException() : exception, output())
                .number());
        try {
            int code = commandLine.execute(arguments.toArray(String[]::new));
            long repeated = RepeatedRequests.count();
            if (repeated > 0) {
                output().remark(Words.count(repeated, "request") + " to the store had to be made again");
            }
            return code;
        } catch (OutOfMemoryError e) {
            output().error("out_of_memory", "out of memory: " + e.getMessage(), "PGARK_HEAP=512m gives pgark more.");
            return ExitCode.FAILED.number();
        } catch (LinkageError | AssertionError e) {
            return Failures.explain(new IllegalStateException(e), output()).number();
        }
    }

    private int explainUsage(ParameterException exception, String[] words) {
        CommandLine command = exception.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String message = Objects.requireNonNullElse(exception.getMessage(), "wrong usage");
        List<String> suggestions = exception instanceof UnmatchedArgumentException unmatched
                ? unmatched.getSuggestions().stream().limit(3).toList()
                : List.of();
        String hint = suggestions.isEmpty()
                ? "\"" + name + " --help\" lists what it takes."
                : "Did you mean " + String.join(" or ", suggestions) + "?";
        output().error("usage", lowerCaseStart(message), hint);
        return ExitCode.USAGE.number();
    }

    private static String lowerCaseStart(String message) {
        String line = message.lines().findFirst().orElse("");
        return line.isEmpty() ? line : Character.toLowerCase(line.charAt(0)) + line.substring(1);
    }

    private Output output() {
        return new Output(out, err, arguments.contains("--json"));
    }
}
