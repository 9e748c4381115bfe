package org.pgark.cli;

import java.util.concurrent.Callable;
import org.pgark.cli.output.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code pgark check}: every precondition of a recovery, one line each. */
@Command(
        name = "check",
        description = "Check every precondition, switch WAL and wait until that segment is in the archive.",
        footer = {"", "Exit code 1 if a check failed; warnings do not count."})
final class CheckCommand implements Callable<Integer> {
    @ParentCommand
    private PgarkCommand pgark = PgarkCommand.NONE;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "how long to wait for the segment (default: 60)")
    private int timeoutSeconds;

    @Override
    public Integer call() throws Exception {
        Output output = pgark.output();
        try (ClusterContext context = ClusterContext.of(pgark, cluster.name())) {
            context.becomeOwner();
            CheckReport report = new CheckReport(output);
            report.ok("configuration", context.configuration().source());
            new PlaceChecks(context, report).run();
            new ServerChecks(context, report, pgark.atLeastOne("--timeout", timeoutSeconds)).run();
            output.line(
                    report.passed()
                            ? "cluster " + context.name() + " is ready to be backed up"
                            : "cluster " + context.name() + " is NOT ready");
            output.result(report.json(context.name()));
            return (report.passed() ? ExitCode.DONE : ExitCode.FAILED).number();
        }
    }
}
