package org.pgark.cli;

import java.util.concurrent.Callable;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Progress;
import org.pgark.cli.output.Words;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.RefusedException;
import org.pgark.repository.copy.CopyOutcome;
import org.pgark.repository.copy.CopyProgress;
import org.pgark.repository.copy.DifferentRepositoryException;
import org.pgark.repository.copy.RepositoryCopy;
import org.pgark.storage.ObjectStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.node.ObjectNode;

/** {@code pgark copy}: makes another place hold the same repository. */
@Command(
        name = "copy",
        description = "Copy a repository to another place: what is missing there of its backups and WAL.",
        footer = {
            "",
            "May be killed and started again at any time, and run beside backups and archiving.",
            "Exit code 4 if the other place is no copy of this repository."
        })
final class CopyCommand implements Callable<Integer> {
    @ParentCommand
    private PgarkCommand pgark = PgarkCommand.NONE;

    @Option(names = "--all", description = "all backups and all WAL of all clusters")
    private boolean all;

    @Option(names = "--from", required = true, paramLabel = "NAME", description = "the repository, as configured")
    private String from = "";

    @Option(names = "--to", required = true, paramLabel = "NAME", description = "the place to copy to, as configured")
    private String to = "";

    @Override
    public Integer call() throws Exception {
        if (!all) {
            throw pgark.usage("--all is missing: single backups cannot be copied");
        }
        Configuration configuration = pgark.configuration();
        RepositoryConfiguration source = configuration.repository(from);
        RepositoryConfiguration target = configuration.repository(to);
        if (source.url().equals(target.url())) {
            throw pgark.usage("--from and --to are the same place, " + source.url());
        }
        Output output = pgark.output();
        CopyOutcome outcome = copy(source, target, output);
        output.line("copied " + Words.count(outcome.copied(), "object") + ", " + Words.size(outcome.bytes()) + ", from "
                + source.url() + " to " + target.url() + "; " + outcome.there() + " were there already");
        ObjectNode document = Output.object()
                .put("from", source.url().toString())
                .put("to", target.url().toString())
                .put("copied_objects", outcome.copied())
                .put("copied_bytes", outcome.bytes())
                .put("objects_there", outcome.there());
        output.result(document);
        return ExitCode.DONE.number();
    }

    private static CopyOutcome copy(RepositoryConfiguration source, RepositoryConfiguration target, Output output)
            throws Exception {
        int parallel = Math.min(source.store().parallel(), target.store().parallel());
        try (ObjectStore first = Repositories.store(source);
                ObjectStore second = Repositories.store(target);
                Progress progress = Progress.on(output)) {
            progress.listener().phase("copying");
            return new RepositoryCopy(first, second, parallel, told(progress.listener())).run();
        } catch (DifferentRepositoryException e) {
            throw new RefusedException(
                    "different_repository",
                    String.valueOf(e.getMessage()),
                    "Copy to an empty place; what is there was left as it is.",
                    e);
        }
    }

    private static CopyProgress told(ProgressListener listener) {
        return new CopyProgress() {
            @Override
            public void total(long objects, long bytes) {
                listener.total(objects, bytes);
            }

            @Override
            public void advanced(long bytes) {
                listener.advanced(bytes);
            }
        };
    }
}
