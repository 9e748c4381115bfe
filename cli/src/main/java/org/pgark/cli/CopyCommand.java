package org.pgark.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Progress;
import org.pgark.cli.output.Words;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.RefusedException;
import org.pgark.repository.Repository;
import org.pgark.repository.copy.CopyOutcome;
import org.pgark.repository.copy.CopyProgress;
import org.pgark.repository.copy.DifferentObjectException;
import org.pgark.repository.copy.DifferentRepositoryException;
import org.pgark.repository.copy.PromotedCopyException;
import org.pgark.repository.copy.RepositoryCopy;
import org.pgark.storage.ObjectStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.node.ObjectNode;

/** {@code pgark copy}: brings backups into another repository, or makes another place hold the same repository. */
@Command(
        name = "copy",
        description = {
            "Copy a backup, or everything, to another repository: what is missing there of it and of its WAL.",
            "Into an empty place --all copies the repository itself, with its keys; a repository that was made there"
                    + " by",
            "\"pgark init\" keeps its own keys, and gets the backups and the WAL."
        },
        footer = {
            "",
            "May be killed and started again at any time, and run beside backups and archiving.",
            "Exit code 4 if the other place is one that must not take it."
        })
final class CopyCommand implements Callable<Integer> {
    @ParentCommand
    private PgarkCommand pgark = PgarkCommand.NONE;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "BACKUP",
            description = "the backup's id, any unambiguous beginning of it, or \"latest\"")
    private @Nullable String id;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Option(names = "--all", description = "all backups and all WAL of all clusters")
    private boolean all;

    @Option(
            names = "--again",
            description =
                    "with --all: also to a place that a server has archived to since it was a copy, and does no more")
    private boolean again;

    @Option(names = "--from", required = true, paramLabel = "NAME", description = "the repository, as configured")
    private String from = "";

    @Option(names = "--to", required = true, paramLabel = "NAME", description = "the place to copy to, as configured")
    private String to = "";

    @Override
    public Integer call() throws Exception {
        if (all == (id != null)) {
            throw pgark.usage("name a backup, or say --all");
        }
        Configuration configuration = pgark.configuration();
        RepositoryConfiguration source = configuration.repository(from);
        RepositoryConfiguration target = configuration.repository(to);
        if (source.url().equals(target.url())) {
            throw pgark.usage("--from and --to are the same place, " + source.url());
        }
        Output output = pgark.output();
        if (id != null || isRepositoryOfItsOwn(source, target)) {
            return new CopyRun(source, target, cluster.name(), Optional.ofNullable(id), output)
                    .run()
                    .number();
        }
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

    /** Whether the other place is a repository that is not a copy; refuses what its configuration does not allow. */
    private static boolean isRepositoryOfItsOwn(RepositoryConfiguration source, RepositoryConfiguration target)
            throws IOException, RefusedException {
        try (ObjectStore first = Repositories.store(source);
                ObjectStore second = Repositories.store(target)) {
            Optional<Repository.Appearance> there = Repository.look(second);
            Optional<Repository.Appearance> here = Repository.look(first);
            if (there.isPresent()
                    && here.isPresent()
                    && !there.get().id().equals(here.get().id())) {
                return true;
            }
            if (here.isPresent()
                    && !here.get().encrypted()
                    && target.encryption().isRequired()) {
                throw new RefusedException(
                        "repository_not_encrypted",
                        "repository \"" + target.name() + "\" must be encrypted, and a copy of \"" + source.name()
                                + "\" would not be",
                        "Nothing was written to it. \"pgark init\" makes an encrypted one there, into which backups"
                                + " can be copied.");
            }
            if (here.isPresent() && !here.get().singleWriter() && !WritersOfRepositories.refusesTakenNames(second)) {
                throw new RefusedException(
                        "single_writer_store",
                        "repository \"" + target.name()
                                + "\" is in a store that does not refuse names that are taken, and a" + " copy of \""
                                + source.name() + "\" would not know that it can only have one writer",
                        "Nothing was written to it. \"pgark init\" makes a repository there, into which backups can be"
                                + " copied.");
            }
            if (here.isPresent()
                    && target.id().isPresent()
                    && !target.id().get().equals(here.get().id().value())) {
                throw new RefusedException(
                        "different_repository",
                        "repository \"" + target.name() + "\" must be "
                                + target.id().get() + ", and a copy of \"" + source.name() + "\" would be "
                                + here.get().id(),
                        "Nothing was written to it.");
            }
            return false;
        }
    }

    private CopyOutcome copy(RepositoryConfiguration source, RepositoryConfiguration target, Output output)
            throws Exception {
        int parallel = Math.min(source.store().parallel(), target.store().parallel());
        try (ObjectStore first = Repositories.store(source);
                ObjectStore second = Repositories.store(target);
                Progress progress = Progress.on(output)) {
            progress.listener().phase("copying");
            return new RepositoryCopy(first, second, parallel, again, told(progress.listener())).run();
        } catch (DifferentRepositoryException e) {
            throw refused("different_repository", e, "Copy to an empty place; what is there was left as it is.");
        } catch (PromotedCopyException e) {
            throw refused(
                    "promoted_copy",
                    e,
                    "If no server archives there any more, --again makes it a copy once more, provided that its logs are the"
                            + " beginning of the others.");
        } catch (DifferentObjectException e) {
            throw refused(
                    "different_object",
                    e,
                    "One of the two is damaged, which \"pgark verify --all --wal\" of each tells, or two servers archive under"
                            + " this name.");
        }
    }

    private static RefusedException refused(String code, IOException cause, String hint) {
        return new RefusedException(code, String.valueOf(cause.getMessage()), hint, cause);
    }

    static CopyProgress told(ProgressListener listener) {
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
