package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Progress;
import org.pgark.cli.output.Words;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.backup.Backup;
import org.pgark.physical.backup.BackupOutcome;
import org.pgark.physical.backup.BackupRequest;
import org.pgark.physical.backup.DamagedPage;
import org.pgark.physical.backup.StreamedBackup;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.several.BackupTransfer;
import org.pgark.physical.wal.ReleasedWal;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.copy.BackupCopy;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One run of {@code pgark backup}: into the nearest repository that answers, and from there into the others, so that the
 * server is read once.
 */
final class BackupRun {
    /** The server that streams a backup knows itself where its files are. */
    private static final Path NOWHERE = Path.of("/");

    private final ClusterContext cluster;
    private final BackupSource source;
    private final Requests requests;
    private final Output output;
    private final Map<String, String> missing = new LinkedHashMap<>();
    private final Set<String> having = new TreeSet<>();

    /** Makes the request for a backup. */
    interface Requests {
        BackupRequest of(ClusterContext context, Path dataDirectory) throws IOException;
    }

    BackupRun(ClusterContext cluster, BackupSource source, Requests requests, Output output) {
        this.cluster = cluster;
        this.source = source;
        this.requests = requests;
        this.output = output;
    }

    ExitCode run() throws IOException, OperationException, InterruptedException, ConfigurationException {
        List<ClusterContext> places = cluster.each();
        try {
            Taken taken = take(places);
            if (places.size() > 1) {
                for (ClusterContext place : places) {
                    bring(taken, place);
                }
            }
            boolean locked = lock(taken, places);
            print(taken.outcome);
            if (!cluster.settings()
                    .requirement()
                    .isMet(having, places.stream().map(BackupRun::name).toList())) {
                missing.forEach((name, reason) -> output.warning("not in repository \"" + name + "\": " + reason));
                output.error(
                        "backup_not_everywhere",
                        "backup " + taken.outcome.record().id() + " is in " + String.join(", ", having)
                                + ", but not in " + String.join(", ", missing.keySet()),
                        "\"pgark copy " + taken.outcome.record().id() + " --from "
                                + having.iterator().next() + " --to "
                                + missing.keySet().iterator().next() + "\" brings it there.");
                return ExitCode.FAILED;
            }
            missing.forEach((name, reason) -> output.warning("not in repository \"" + name + "\": " + reason));
            boolean sound = taken.outcome.record().size().damagedPages() == 0
                    && !taken.outcome.damageOnlyAtServer()
                    && taken.outcome.statistics().unexplainedPages() == 0;
            return !locked ? ExitCode.FAILED : sound ? ExitCode.DONE : ExitCode.DAMAGE_FOUND;
        } finally {
            for (ClusterContext place : places) {
                place.close();
            }
        }
    }

    /** What older backups brought is locked for less long than this one needs it. */
    private boolean lock(Taken taken, List<ClusterContext> places) throws IOException, OperationException {
        boolean locked = true;
        for (ClusterContext place : places) {
            if (having.contains(name(place))) {
                LockCover.of(place.settings())
                        .filter(LockCover::isTooShort)
                        .ifPresent(cover -> output.warning(cover.describe() + ". " + cover.hint()));
                try {
                    ClusterRepository repository = place.newestIncarnation();
                    BackupRecord backup =
                            repository.find(taken.outcome.record().id().value()).getFirst();
                    try (Progress progress = Progress.on(output)) {
                        new LockRenewal(place, progress.listener())
                                .run(backup)
                                .ifPresent(renewed -> output.remark("repository " + name(place) + ": "
                                        + Words.count(renewed.objects(), "object") + " are locked, those of the backup"
                                        + " for " + renewed.days() + " days"));
                    }
                } catch (IOException e) {
                    output.error(
                            "backup_not_locked",
                            "backup " + taken.outcome.record().id() + " is in repository \"" + name(place)
                                    + "\", but what it needs is not all locked: " + e.getMessage(),
                            "The next backup tries again; its writer needs the right to lock objects, see docs/stores.md.");
                    locked = false;
                }
            }
        }
        return locked;
    }

    private static String name(ClusterContext place) {
        return place.settings().repository().name();
    }

    private record Taken(ClusterContext place, BackupOutcome outcome) {}

    /** Takes it into the first that answers; one that fails meanwhile makes room for the next. */
    private Taken take(List<ClusterContext> places) throws IOException, OperationException, InterruptedException {
        for (int index = 0; index < places.size() - 1; index++) {
            ClusterContext place = places.get(index);
            try {
                return take(place);
            } catch (IOException | FailedException e) {
                if (answers(place)) {
                    throw e;
                }
                missing.put(name(place), String.valueOf(e.getMessage()));
                output.warning("repository \"" + name(place) + "\" does not answer: " + e.getMessage());
            }
        }
        return take(places.getLast());
    }

    /** Whether a failure cannot be the repository's. */
    private static boolean answers(ClusterContext place) {
        try {
            place.newestIncarnation().checkPresence();
            return true;
        } catch (IOException | OperationException e) {
            return false;
        }
    }

    private Taken take(ClusterContext place) throws IOException, OperationException, InterruptedException {
        Leftovers.remove(place.repository()::removeLeftovers, output::warning);
        ClusterRepository repository = place.newestIncarnation();
        CopyBehind.warning(place.settings().repository(), place.repository().id(), repository)
                .ifPresent(output::warning);
        tellOfHoles(place, repository);
        try (Interruption interruption = Interruption.ofThisThread();
                Progress progress = Progress.on(output)) {
            BackupOutcome outcome = switch (source.settled(place, progress.listener()::notice)) {
                case AUTO, FILES -> take(place, repository, place.settings().pgdata(), progress.listener());
                case SQL -> take(place, repository, place.remoteDirectory(), progress.listener());
                case REPLICATION -> {
                    BackupRequest request = told(place, requests.of(place, NOWHERE), progress.listener());
                    yield new StreamedBackup(
                                    request, repository, place.connection(), progress.listener(), new SecureRandom())
                            .run();
                }
            };
            interruption.tooLate();
            having.add(name(place));
            return new Taken(place, outcome);
        }
    }

    private BackupOutcome take(
            ClusterContext place, ClusterRepository repository, Path dataDirectory, ProgressListener progress)
            throws IOException, OperationException, InterruptedException {
        BackupRequest request = told(place, requests.of(place, dataDirectory), progress);
        try (ServerSession session = place.connect()) {
            return new Backup(request, repository, session, progress, new SecureRandom()).run();
        }
    }

    private BackupRequest told(ClusterContext place, BackupRequest request, ProgressListener progress) {
        progress.notice("backing up cluster " + place.name() + " with "
                + Words.count(request.jobs(), "job") + ", a "
                + request.checkpoint().name().toLowerCase(Locale.ROOT) + " checkpoint, compression "
                + request.compression()
                + (cluster.settings().hasSeveralRepositories() ? ", into repository " + name(place) : ""));
        return request;
    }

    private void tellOfHoles(ClusterContext place, ClusterRepository repository) throws IOException {
        List<ReleasedWal> lost = BacklogReport.of(
                        place.settings(), place.configuration().archive().backlog())
                .sinceLastBackup(repository);
        if (!lost.isEmpty()) {
            output.warning(BacklogReport.inWords(lost)
                    + ": the archive has a hole there, and what came behind it can be restored from this backup on");
        }
    }

    /** A repository that cannot take it does not undo that another one has it. */
    private void bring(Taken taken, ClusterContext place) throws InterruptedException {
        String name = name(place);
        if (name.equals(name(taken.place)) || missing.containsKey(name)) {
            return;
        }
        try (Interruption interruption = Interruption.ofThisThread();
                Progress progress = Progress.on(output)) {
            progress.listener().phase("bringing it to repository " + name);
            Leftovers.remove(place.repository()::removeLeftovers, output::warning);
            Repositories.refuseTwins(List.of(
                    new Clusters.Opened(name(taken.place), taken.place.repository()),
                    new Clusters.Opened(name, place.repository())));
            int parallel = Math.min(
                    taken.place.settings().repository().store().parallel(),
                    place.settings().repository().store().parallel());
            Optional<BackupCopy.Outcome> brought = new BackupTransfer(
                            taken.place.newestIncarnation(),
                            place.newestIncarnation(),
                            taken.outcome.record(),
                            parallel,
                            CopyCommand.told(progress.listener()),
                            output::warning)
                    .run();
            interruption.tooLate();
            having.add(name);
            brought.ifPresent(outcome -> progress.listener()
                    .notice("repository " + name + " has it: " + Words.count(outcome.packs(), "pack") + ", "
                            + Words.size(outcome.bytes()) + " were copied"
                            + outcome.base()
                                    .map(base -> ", shared with " + base)
                                    .orElse("")));
        } catch (IOException | OperationException e) {
            missing.put(name, String.valueOf(e.getMessage()));
        }
    }

    private void print(BackupOutcome outcome) {
        BackupRecord backup = outcome.record();
        output.line(backup.kind().word() + " backup " + backup.id() + " of cluster " + cluster.name() + ": "
                + Words.count(backup.size().files(), "file") + ", "
                + Words.size(backup.size().rawBytes()) + ", stored "
                + Words.size(backup.size().storedBytes())
                + ", WAL " + backup.wal().first() + " to " + backup.wal().last() + ", "
                + Words.span(Duration.between(backup.startTime(), backup.stopTime())));
        if (!outcome.damagedPages().isEmpty()) {
            output.line("DAMAGE FOUND: " + Words.count(backup.size().damagedPages(), "page")
                    + " with a wrong checksum; the backup is kept and marked");
            outcome.damagedPages().forEach(page -> output.line("  " + page));
        }
        if (outcome.damageOnlyAtServer()) {
            output.line(
                    "DAMAGE FOUND: by the server, in pages whose checksums are right as they came here; its log names"
                            + " them");
        }
        long unexplained = outcome.statistics().unexplainedPages();
        if (unexplained > 0) {
            output.line("DAMAGE FOUND: " + Words.count(unexplained, "page")
                    + " changed though WAL says nothing of it; stored as they are now, see the warnings");
        }
        ObjectNode json = BackupLines.json(backup)
                .put("cluster", cluster.name())
                .put("unexplained_pages", unexplained)
                .put("damage_only_at_server", outcome.damageOnlyAtServer());
        ArrayNode damaged = json.putArray("damaged");
        for (DamagedPage page : outcome.damagedPages()) {
            ObjectNode line = damaged.addObject()
                    .put("path", page.path())
                    .put("block", page.block())
                    .put("lsn", page.lsn().toString());
            page.relation().ifPresent(name -> line.put("relation", name));
        }
        if (cluster.settings().hasSeveralRepositories()) {
            output.line("  in repositories: " + String.join(", ", having));
            ArrayNode places = json.putArray("repositories");
            having.forEach(places::add);
            ArrayNode lacking = json.putArray("missing_in");
            missing.keySet().forEach(lacking::add);
        }
        output.result(json);
    }
}
