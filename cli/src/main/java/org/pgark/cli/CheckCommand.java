package org.pgark.cli;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.output.Output;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.StoreProof;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code pgark check}: every precondition of a recovery, one line each. */
@Command(
        name = "check",
        description = "Check every precondition, switch WAL and wait until that segment is in the archive.",
        footer = {
            "",
            "With --repository nothing is asked of the server: what the format needs of the repository's store is tried on",
            "it, with objects below \"check/\" that are deleted afterwards, and latency and throughput are measured.",
            "Exit code 1 if a check failed; warnings do not count."
        })
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

    @Option(names = "--repository", description = "check the repository's store instead")
    private boolean repository;

    @Option(
            names = "--size",
            paramLabel = "MIB",
            defaultValue = "64",
            description = "with --repository: how many MiB are written and read (default: 64)")
    private int megabytes;

    @Override
    public Integer call() throws Exception {
        Output output = pgark.output();
        if (repository) {
            pgark.atLeastOne("--size", megabytes);
            return checkRepository(output);
        }
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

    private Integer checkRepository(Output output) throws Exception {
        ClusterConfiguration settings = pgark.configuration().cluster(cluster.name());
        CheckReport report = new CheckReport(output);
        try (ObjectStore store = Repositories.store(settings.repository())) {
            ObjectName folder =
                    new ObjectName("check").child(HexFormat.of().toHexDigits(new SecureRandom().nextLong()));
            new StoreProof(store, folder, megabytes, finding -> {
                        if (finding.passed()) {
                            report.ok(finding.name(), finding.text());
                        } else {
                            report.failed(finding.name(), finding.text(), "");
                        }
                    })
                    .run();
        }
        output.line("repository " + settings.repository().url()
                + (report.passed()
                        ? " has a store that does what is needed"
                        : " has a store that does NOT do what is needed"));
        output.result(report.json(settings.name())
                .put("repository", settings.repository().url().toString()));
        return (report.passed() ? ExitCode.DONE : ExitCode.FAILED).number();
    }
}
