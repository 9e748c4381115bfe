package org.pgark.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.cli.output.Output;
import org.pgark.repository.Repository;
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
            "With --repository nothing is asked of the server: what the format needs of the repository's store is"
                    + " tried on",
            "it, with objects below \"check/\" that are deleted afterwards, and latency and throughput are measured.",
            "Exit code 1 if a check failed; warnings do not count."
        })
final class CheckCommand implements Callable<Integer> {
    @ParentCommand
    private PgarkCommand pgark = PgarkCommand.NONE;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final RepoOption repo = new RepoOption();

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
            List<ClusterContext> others = List.of();
            try (ClusterContext nearest =
                    context.in(context.settings().repository().name())) {
                others = otherRepositories(context);
                if (!others.isEmpty()) {
                    output.line("repository " + nearest.settings().repository().name() + ":");
                }
                new PlaceChecks(nearest, report).run();
                for (ClusterContext other : others) {
                    output.line("repository " + other.settings().repository().name() + ":");
                    new PlaceChecks(other, report).runForRepository();
                }
                if (!others.isEmpty()) {
                    output.line(
                            "all repositories, required: " + context.settings().requirement());
                    new SeveralChecks(nearest, others, report).run();
                }
                new ServerChecks(nearest, others, report, pgark.atLeastOne("--timeout", timeoutSeconds)).run();
            } finally {
                for (ClusterContext other : others) {
                    other.close();
                }
            }
            output.line(
                    report.passed()
                            ? "cluster " + context.name() + " is ready to be backed up"
                            : "cluster " + context.name() + " is NOT ready");
            output.result(report.json(context.name()));
            return (report.passed() ? ExitCode.DONE : ExitCode.FAILED).number();
        }
    }

    private static void tellOneWriter(
            StoreProof.Finding finding, Optional<Repository.Appearance> there, CheckReport report) {
        if (there.isPresent() && !there.get().singleWriter()) {
            report.failed(
                    finding.name(),
                    finding.text() + ", and the one that is there was made for several",
                    "Two writers at once may lose what either wrote. Copy it to another store with \"pgark copy\".");
        } else {
            report.warning(
                    finding.name(),
                    finding.text(),
                    there.isPresent()
                            ? "The one that is there was made for one writer."
                            : "\"pgark init\" makes one that knows its writer and refuses others.");
        }
    }

    private static List<ClusterContext> otherRepositories(ClusterContext context) throws Exception {
        List<ClusterContext> others = new ArrayList<>();
        for (RepositoryConfiguration one : context.settings().repositories()) {
            if (!one.name().equals(context.settings().repository().name())) {
                others.add(context.in(one.name()));
            }
        }
        return others;
    }

    private Integer checkRepository(Output output) throws Exception {
        ClusterConfiguration all = pgark.configuration().cluster(cluster.name()).in(repo.name());
        ExitCode worst = ExitCode.DONE;
        for (RepositoryConfiguration one : all.repositories()) {
            ExitCode code = checkRepository(all.in(Optional.of(one.name())), output);
            worst = code == ExitCode.DONE ? worst : code;
        }
        return worst.number();
    }

    private ExitCode checkRepository(ClusterConfiguration settings, Output output) throws Exception {
        CheckReport report = new CheckReport(output);
        try (ObjectStore store = Repositories.store(settings.repository())) {
            Optional<Repository.Appearance> there = Repository.look(store);
            new StoreProof(store, WritersOfRepositories.trialFolder(), megabytes, finding -> {
                        switch (finding.outcome()) {
                            case DONE -> report.ok(finding.name(), finding.text());
                            case ONE_WRITER -> tellOneWriter(finding, there, report);
                            case FAILED -> report.failed(finding.name(), finding.text(), "");
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
        return report.passed() ? ExitCode.DONE : ExitCode.FAILED;
    }
}
