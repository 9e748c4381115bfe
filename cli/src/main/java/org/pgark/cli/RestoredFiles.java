package org.pgark.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Progress;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.receive.ReplicationSession;
import org.pgark.physical.restore.Restore;
import org.pgark.physical.restore.RestorePlan;
import org.pgark.physical.restore.RestoreRequest;
import org.pgark.physical.standby.StandbyFiles;
import org.pgark.physical.standby.StandbyRequest;
import org.pgark.postgres.wire.WireConnection;

/** A standby's files out of the repository; its WAL comes from there until it can stream. */
final class RestoredFiles implements StandbyFiles {
    private final ClusterContext context;
    private final Map<Path, Path> tablespaces;
    private final int jobs;
    private final Output output;
    private String description = "a backup in the repository";

    RestoredFiles(ClusterContext context, Map<Path, Path> tablespaces, int jobs, Output output) {
        this.context = context;
        this.tablespaces = tablespaces;
        this.jobs = jobs;
        this.output = output;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public void bring(StandbyRequest request, WireConnection connection, String lines)
            throws IOException, OperationException, InterruptedException {
        checkSameSystem(connection);
        RestoreRequest restore = RestoreRequest.of(
                        context.name(),
                        request.directory(),
                        ShellFront.restoreCommand(context.name(), context.configuration()))
                .moving(tablespaces)
                .configuringIn(request.directory())
                .withJobs(jobs)
                .asStandby();
        try (RestorePlaces places = new RestorePlaces(context, output);
                Progress progress = Progress.on(output)) {
            RestorePlan plan = places.choose(restore).plan();
            new Restore(progress.listener()).run(plan);
            description = "backup " + plan.backup().id();
        } catch (ConfigurationException e) {
            throw new FailedException("configuration", String.valueOf(e.getMessage()), "", e);
        }
        Path file = request.directory().resolve("postgresql.auto.conf");
        Files.write(file, lines.getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
        try (var channel = java.nio.channels.FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private void checkSameSystem(WireConnection connection) throws IOException, RefusedException {
        String primary = new ReplicationSession(connection).identifySystem().identifier();
        String kept =
                context.newestIncarnation().incarnation().systemIdentifier().toString();
        if (!primary.equals(kept)) {
            throw new RefusedException(
                    "other_system",
                    "the primary has system identifier " + primary + ", but cluster \"" + context.name()
                            + "\" is registered with " + kept,
                    "Check --primary and --cluster.");
        }
    }
}
