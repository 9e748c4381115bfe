package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.configuration.TimeSpan;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Progress;
import org.pgark.cli.output.Words;
import org.pgark.cli.process.Owner;
import org.pgark.cli.process.OwnerSwitch;
import org.pgark.physical.backup.BackupRequest;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.recovery.RecoveryTarget;
import org.pgark.physical.recovery.TargetTime;
import org.pgark.physical.recovery.TimelineChoice;
import org.pgark.physical.restore.ArchiveMode;
import org.pgark.physical.restore.ExistingFiles;
import org.pgark.physical.restore.FurtherSource;
import org.pgark.physical.restore.QualifiedName;
import org.pgark.physical.restore.RelationOutcome;
import org.pgark.physical.restore.RelationRestore;
import org.pgark.physical.restore.Restore;
import org.pgark.physical.restore.RestoreOutcome;
import org.pgark.physical.restore.RestorePlan;
import org.pgark.physical.restore.RestoreRequest;
import org.pgark.physical.restore.TargetAction;
import org.pgark.postgres.Lsn;
import org.pgark.repository.ClusterRepository;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One restore, from the options to the last line that is printed. */
final class RestoreRun {
    private final PgarkCommand pgark;
    private final RestoreCommand options;
    private final ClusterContext context;
    private final Output output;

    RestoreRun(PgarkCommand pgark, RestoreCommand options, ClusterContext context, Output output) {
        this.pgark = pgark;
        this.options = options;
        this.context = context;
        this.output = output;
    }

    ExitCode run() throws IOException, OperationException, InterruptedException, ConfigurationException {
        if (!options.relations.isEmpty()) {
            return relations();
        }
        try (RestorePlaces places = new RestorePlaces(context, output)) {
            return run(places);
        }
    }

    private ExitCode run(RestorePlaces places) throws IOException, OperationException, InterruptedException {
        RestoreRequest request = request(Optional.empty());
        RestorePlaces.Chosen chosen = places.choose(request);
        Optional<List<String>> readable = places.readable();
        if (readable.isPresent() && options.asOf == null) {
            request = request(readable);
            chosen = places.choose(request);
            tellReadable(readable.get());
        }
        RestorePlan plan = chosen.plan();
        if (!options.dryRun) {
            becomeOwner(plan);
        }
        if (context.settings().hasSeveralRepositories()) {
            output.line("reading from repository " + chosen.name());
        }
        print(plan);
        if (options.dryRun) {
            output.result(json(plan).put("dry_run", true));
            return ExitCode.DONE;
        }
        long begin = System.nanoTime();
        RestoreOutcome outcome = null;
        while (outcome == null) {
            try {
                outcome = carryOut(plan, places.further(chosen));
            } catch (FailedException e) {
                if (!places.hasNext(chosen)) {
                    throw e;
                }
                output.warning(e.getMessage() + "; going on from the next repository");
                places.giveUp(chosen, e);
                if (!places.readable().equals(readable) && options.asOf == null) {
                    // Recovery would stop at the first file that a repository might have that is gone.
                    readable = places.readable();
                    request = request(readable);
                    readable.ifPresent(this::tellReadable);
                }
                // What was written already stays where it is right.
                request = request.over(ExistingFiles.DELTA);
                chosen = places.choose(request);
                plan = chosen.plan();
            }
        }
        output.line("restored " + Words.count(outcome.files(), "file") + ", " + Words.size(outcome.bytes()) + " in "
                + Words.span(Duration.ofNanos(System.nanoTime() - begin)) + ": "
                + Words.size(outcome.writtenBytes()) + " written, " + Words.size(outcome.keptBytes())
                + " right already, " + Words.count(outcome.removed(), "file") + " removed");
        if (outcome.rescuedFrames() > 0) {
            output.line("DAMAGE FOUND: " + Words.count(outcome.rescuedFrames(), "frame")
                    + " of the backup; the same content was elsewhere, as the warnings say, and everything is"
                    + " restored");
            output.line("take a backup with --full soon, and let \"pgark verify --all\" say what else is damaged");
        }
        plan.savedWal()
                .ifPresent(saved -> output.line("WAL that was never archived is saved in " + saved.place()
                        + "; \"pgark wal push\" of its files archives it, so that another restore can"
                        + " go on to its end"));
        if (!request.walHold().isZero()) {
            tellOfHold(plan);
        }
        output.line("start the server on " + request.to() + " now; " + whatHappensThen(request));
        output.result(json(plan)
                .put("written_size", outcome.writtenBytes())
                .put("kept_size", outcome.keptBytes())
                .put("removed_files", outcome.removed())
                .put("rescued_frames", outcome.rescuedFrames()));
        return outcome.rescuedFrames() == 0 ? ExitCode.DONE : ExitCode.DAMAGE_FOUND;
    }

    private void tellReadable(List<String> names) {
        output.warning("recovery will look for WAL in these repositories only: " + String.join(", ", names));
    }

    private RestoreOutcome carryOut(RestorePlan plan, List<FurtherSource> further)
            throws OperationException, InterruptedException {
        try (Interruption interruption = Interruption.ofThisThread();
                Progress progress = Progress.on(output)) {
            RestoreOutcome outcome = new Restore(progress.listener(), further).run(plan);
            interruption.tooLate();
            return outcome;
        }
    }

    private void tellOfHold(RestorePlan plan) {
        if (isCopy(plan.source())) {
            output.warning(
                    "nothing holds the backup and its WAL in this copy of the repository: once a server archives there,"
                            + " let recovery end before \"pgark expire\", \"delete\" and \"collect\"");
        } else {
            output.line("the backup and the WAL since stay for "
                    + new TimeSpan(plan.request().walHold()) + ", so that it can recover; \"pgark pin "
                    + plan.backup().id() + "\" keeps them for longer");
        }
    }

    /** What cannot be asked any more undoes no restore that is done. */
    private static boolean isCopy(ClusterRepository source) {
        try {
            return source.isCopy();
        } catch (IOException e) {
            return false;
        }
    }

    private static String whatHappensThen(RestoreRequest request) {
        if (request.standby()) {
            return "it stays in recovery as a standby";
        }
        if (request.target() instanceof RecoveryTarget.Latest) {
            return "it replays the archived WAL to its end and is open for business then";
        }
        return switch (request.action()) {
            case PROMOTE -> "it replays WAL up to the target and is open for business then, on a new timeline";
            case PAUSE -> "it replays WAL up to the target and pauses there; pg_wal_replay_resume() ends recovery";
            case SHUTDOWN -> "it replays WAL up to the target and shuts down";
        };
    }

    /** @param repositories that recovery is to read, if not all that are configured */
    private RestoreRequest request(Optional<List<String>> repositories) {
        // Nobody fetches WAL from the past, so the server finds it in pg_wal.
        String command = options.asOf != null
                ? "false"
                : repositories.isPresent()
                        ? ShellFront.restoreCommand(context.name(), context.configuration(), repositories.get())
                        : ShellFront.restoreCommand(context.name(), context.configuration());
        RestoreRequest request = RestoreRequest.of(
                        context.name(), options.to.toAbsolutePath().normalize(), command)
                .until(target())
                .along(timeline())
                .then(action())
                .moving(options.tablespaces.places(pgark))
                .archiving(archiveMode())
                .over(
                        options.force
                                ? ExistingFiles.REPLACE
                                : options.delta ? ExistingFiles.DELTA : ExistingFiles.REFUSE)
                .holdingWalFor(walHold())
                .withJobs(jobs());
        Optional<Path> configured = context.settings().dataDirectory();
        if (configured.isPresent()) {
            request = request.configuredAt(configured.get());
        }
        if (options.backup != null) {
            request = request.from(options.backup);
        }
        if (options.configTo != null) {
            request = request.configuringIn(options.configTo.toAbsolutePath().normalize());
        }
        if (options.asOf != null) {
            request = request.bringingWal();
        }
        if (options.evenDamaged) {
            request = request.evenFromDamaged();
        }
        return options.standby ? request.asStandby() : request;
    }

    private Duration walHold() {
        if (options.asOf != null) {
            return Duration.ZERO;
        }
        try {
            return TimeSpan.parse(options.holdWal).duration();
        } catch (IllegalArgumentException e) {
            throw pgark.usage(
                    "invalid value \"" + options.holdWal + "\" of --hold-wal, must be like \"12h\" or \"7d\"");
        }
    }

    private int jobs() {
        return options.jobs == null ? BackupRequest.defaultJobs() : pgark.atLeastOne("--jobs", options.jobs);
    }

    private RecoveryTarget target() {
        RestoreCommand.TargetOptions chosen = options.target;
        try {
            if (chosen.time != null) {
                TargetTime time = TargetTime.parse(chosen.time, ZoneId.systemDefault());
                return new RecoveryTarget.Time(time.instant(), time.zone(), options.exclusive);
            }
            if (chosen.lsn != null) {
                return new RecoveryTarget.AtLsn(Lsn.parse(chosen.lsn), options.exclusive);
            }
            if (chosen.xid != null) {
                return RecoveryTarget.AtTransaction.parse(chosen.xid, options.exclusive);
            }
            if (options.exclusive) {
                throw pgark.usage("--exclusive needs --time, --lsn or --xid");
            }
            if (chosen.name != null) {
                return new RecoveryTarget.Named(chosen.name);
            }
            return chosen.immediate ? RecoveryTarget.IMMEDIATE : RecoveryTarget.LATEST;
        } catch (IllegalArgumentException e) {
            throw pgark.usage(String.valueOf(e.getMessage()));
        }
    }

    private TimelineChoice timeline() {
        try {
            return TimelineChoice.parse(options.timeline);
        } catch (IllegalArgumentException e) {
            throw pgark.usage(String.valueOf(e.getMessage()));
        }
    }

    private TargetAction action() {
        String word = options.targetAction == null ? "promote" : options.targetAction;
        for (TargetAction action : TargetAction.values()) {
            if (action.word().equals(word)) {
                return action;
            }
        }
        throw pgark.usage("invalid value \"" + word + "\" of --target-action, must be pause, promote or shutdown");
    }

    private ArchiveMode archiveMode() {
        if (options.archiveMode == null) {
            return ArchiveMode.BY_DIRECTORY;
        }
        return switch (options.archiveMode) {
            case "off" -> ArchiveMode.OFF;
            case "preserve" -> ArchiveMode.PRESERVE;
            default ->
                throw pgark.usage(
                        "invalid value \"" + options.archiveMode + "\" of --archive-mode, must be off or preserve");
        };
    }

    /** As root, makes the target directories, gives them to the owner of the cluster and goes on as that owner. */
    private void becomeOwner(RestorePlan plan) throws IOException, RefusedException {
        if (!Owner.ofThisProcess().isRoot()) {
            return;
        }
        Owner owner = RestoreOwner.of(plan, context.settings().dataDirectory());
        if (owner.isRoot()) {
            return;
        }
        for (Path directory : RestoreOwner.directories(plan)) {
            if (!Files.exists(directory)) {
                Files.createDirectories(directory);
                Files.setPosixFilePermissions(
                        directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
                owner.takeOver(directory);
            }
        }
        OwnerSwitch.become(owner, pgark.invocation().arguments());
    }

    private ExitCode relations() throws IOException, OperationException, ConfigurationException {
        List<QualifiedName> names = new ArrayList<>();
        try {
            options.relations.forEach(text -> names.add(QualifiedName.parse(text)));
        } catch (IllegalArgumentException e) {
            throw pgark.usage(String.valueOf(e.getMessage()));
        }
        RelationOutcome outcome = fetched(names);
        ObjectNode document = Output.object().put("cluster", context.name()).put("backup", outcome.backup());
        ArrayNode files = document.putArray("files");
        long bytes = 0;
        for (RelationOutcome.RestoredFile file : outcome.files()) {
            bytes += file.size();
            output.line("  " + file.relation() + "  " + file.path() + "  " + Words.size(file.size()));
            files.addObject()
                    .put("relation", file.relation().toString())
                    .put("path", file.path())
                    .put("size", file.size());
        }
        output.line("fetched " + Words.count(outcome.files().size(), "file") + ", " + Words.size(bytes)
                + ", from backup " + outcome.backup() + " by reading " + Words.size(outcome.readBytes()) + " of "
                + Words.size(outcome.storedBytes()));
        output.result(document.put("read_size", outcome.readBytes()).put("stored_size", outcome.storedBytes()));
        return ExitCode.DONE;
    }

    /** From the nearest repository that can give them. */
    private RelationOutcome fetched(List<QualifiedName> names)
            throws IOException, OperationException, ConfigurationException {
        List<ClusterContext> places = context.each();
        try {
            for (ClusterContext place : places.subList(0, places.size() - 1)) {
                try {
                    return fetched(names, place);
                } catch (IOException | OperationException e) {
                    output.warning("repository \""
                            + place.settings().repository().name() + "\" cannot be read from: " + e.getMessage());
                }
            }
            return fetched(names, places.getLast());
        } finally {
            for (ClusterContext place : places) {
                place.close();
            }
        }
    }

    private RelationOutcome fetched(List<QualifiedName> names, ClusterContext place)
            throws IOException, OperationException {
        try (Progress progress = Progress.on(output)) {
            return new RelationRestore(place.repository(), progress.listener())
                    .run(
                            context.name(),
                            Optional.ofNullable(options.backup),
                            names,
                            options.to.toAbsolutePath().normalize());
        }
    }

    private void print(RestorePlan plan) {
        output.line("plan:");
        plan.describe()
                .forEach(line -> output.line(
                        String.format(java.util.Locale.ROOT, "  %-12s %s", line.getKey(), line.getValue())));
    }

    private ObjectNode json(RestorePlan plan) {
        ObjectNode document = Output.object()
                .put("cluster", context.name())
                .put("backup", plan.backup().id().toString())
                .put("to", plan.request().to().toString())
                .put("target", plan.request().target().describe())
                .put("files", plan.files())
                .put("size", plan.bytes());
        plan.savedWal()
                .ifPresent(saved -> document.put("saved_wal", saved.place().toString()));
        ObjectNode words = document.putObject("plan");
        plan.describe().forEach(line -> words.put(line.getKey().replace(' ', '_'), line.getValue()));
        return document;
    }
}
