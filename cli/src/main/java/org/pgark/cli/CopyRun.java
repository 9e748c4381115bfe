package org.pgark.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Progress;
import org.pgark.cli.output.Words;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.several.Backlog;
import org.pgark.physical.several.BackupTransfer;
import org.pgark.physical.several.WalFill;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterCatalog;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.Repository;
import org.pgark.repository.copy.BackupCopy;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One run of {@code pgark copy} between two repositories that stand by themselves. */
final class CopyRun {
    private final RepositoryConfiguration source;
    private final RepositoryConfiguration target;
    private final Optional<String> cluster;
    private final Optional<String> id;
    private final Output output;
    private final int parallel;

    /**
     * @param cluster which cluster; all of them if empty
     * @param id which backup, as the user named it; all of them and all WAL if empty
     */
    CopyRun(
            RepositoryConfiguration source,
            RepositoryConfiguration target,
            Optional<String> cluster,
            Optional<String> id,
            Output output) {
        this.source = source;
        this.target = target;
        this.cluster = cluster;
        this.id = id;
        this.output = output;
        this.parallel = Math.min(source.store().parallel(), target.store().parallel());
    }

    private record Chosen(Incarnation incarnation, BackupRecord backup) {}

    ExitCode run() throws IOException, OperationException, InterruptedException {
        try (Repository from = Repositories.open(source);
                Repository to = Repositories.open(target);
                Interruption interruption = Interruption.ofThisThread()) {
            Repositories.refuseTwins(
                    List.of(new Clusters.Opened(source.name(), from), new Clusters.Opened(target.name(), to)));
            if (from.keys().isPresent() && to.keys().isEmpty()) {
                output.warning(
                        "repository \"" + target.name() + "\" is not encrypted, while \"" + source.name() + "\" is");
            }
            ObjectNode document = Output.object()
                    .put("from", source.url().toString())
                    .put("to", target.url().toString());
            ArrayNode backups = document.putArray("backups");
            List<Chosen> chosen = chosen(from);
            for (Chosen one : chosen) {
                copy(from, to, one, backups.addObject());
            }
            boolean complete = id.isPresent() || fill(from, to, document);
            interruption.tooLate();
            output.result(document);
            return complete ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private List<Incarnation> incarnations(Repository from) throws IOException {
        List<Incarnation> incarnations = new ArrayList<>();
        for (ClusterCatalog catalog : from.clusters()) {
            if (cluster.isEmpty() || cluster.get().equals(catalog.name())) {
                incarnations.addAll(catalog.incarnations());
            }
        }
        return incarnations;
    }

    private List<Chosen> chosen(Repository from) throws IOException, FailedException {
        List<Chosen> all = new ArrayList<>();
        for (Incarnation incarnation : incarnations(from)) {
            for (BackupRecord backup : from.open(incarnation).backups()) {
                all.add(new Chosen(incarnation, backup));
            }
        }
        if (id.isEmpty()) {
            return all;
        }
        boolean latest = id.get().equals("latest");
        List<Chosen> matching = all.stream()
                .filter(one -> latest || one.backup().id().value().startsWith(id.get()))
                .toList();
        if (matching.isEmpty()) {
            throw new FailedException(
                    "no_such_backup",
                    "there is no backup \"" + id.get() + "\" in repository \"" + source.name() + "\"",
                    "\"pgark list\" shows those that there are.");
        }
        if (latest) {
            if (matching.stream()
                            .map(one -> one.incarnation().name())
                            .distinct()
                            .count()
                    > 1) {
                throw new FailedException(
                        "ambiguous_cluster", "several clusters have backups", "Name one with --cluster.");
            }
            return List.of(matching.getLast());
        }
        if (matching.size() > 1) {
            throw new FailedException(
                    "ambiguous_backup",
                    "\"" + id.get() + "\" is the beginning of " + matching.size() + " backups' ids",
                    "Type more of it; \"pgark list\" shows them.");
        }
        return matching;
    }

    private static ClusterRepository same(Repository from, Repository to, Incarnation incarnation) throws IOException {
        return to.open(to.registerCopy(incarnation, from.cluster(incarnation.name())));
    }

    private void copy(Repository from, Repository to, Chosen one, ObjectNode json)
            throws IOException, OperationException, InterruptedException {
        Optional<BackupCopy.Outcome> outcome;
        try (Progress progress = Progress.on(output)) {
            progress.listener().phase("copying backup " + one.backup().id());
            outcome = new BackupTransfer(
                            from.open(one.incarnation()),
                            same(from, to, one.incarnation()),
                            one.backup(),
                            parallel,
                            CopyCommand.told(progress.listener()),
                            output::warning)
                    .run();
        }
        String words = outcome.map(done -> Words.count(done.packs(), "pack") + ", " + Words.size(done.bytes())
                        + " copied"
                        + (done.resumed() == 0
                                ? ""
                                : ", " + Words.count(done.resumed(), "pack") + " from an earlier attempt")
                        + done.base()
                                .map(base -> ", the rest shared with " + base)
                                .orElse(""))
                .orElse("was there already");
        output.line("backup " + one.backup().id() + " of cluster "
                + one.incarnation().name() + " to repository " + target.name() + ": " + words);
        json.put("cluster", one.incarnation().name())
                .put("id", one.backup().id().value())
                .put("copied", outcome.isPresent());
        outcome.ifPresent(done -> json.put("packs", done.packs())
                .put("copied_bytes", done.bytes())
                .put("resumed_packs", done.resumed()));
    }

    private boolean fill(Repository from, Repository to, ObjectNode document) throws IOException, InterruptedException {
        long brought = 0;
        long left = 0;
        for (Incarnation incarnation : incarnations(from)) {
            ClusterRepository here = same(from, to, incarnation);
            WalFill.Outcome outcome =
                    new WalFill(here, parallel, output::warning).run(Backlog.of(here, List.of(from.open(incarnation))));
            brought += outcome.brought();
            left += outcome.left();
        }
        output.line("copied " + Words.count(brought, "WAL file")
                + (left == 0 ? "" : "; " + Words.count(left, "WAL file") + " could not be copied"));
        document.put("copied_wal_files", brought).put("missing_wal_files", left);
        return left == 0;
    }
}
