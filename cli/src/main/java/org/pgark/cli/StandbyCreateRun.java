package org.pgark.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.cli.configuration.ByteSize;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.configuration.TimeSpan;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Progress;
import org.pgark.cli.output.Words;
import org.pgark.cli.process.Owner;
import org.pgark.cli.process.OwnerSwitch;
import org.pgark.physical.basebackup.TablespaceMappings;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.standby.BaseBackupFiles;
import org.pgark.physical.standby.StandbyCreation;
import org.pgark.physical.standby.StandbyFiles;
import org.pgark.physical.standby.StandbyListener;
import org.pgark.physical.standby.StandbyRequest;
import org.pgark.physical.standby.StandbyState;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionOption;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ConnectionString;
import org.pgark.repository.seal.TlsCiphers;
import tools.jackson.databind.node.ObjectNode;

/** One standby, from the options to the last line that is printed. */
final class StandbyCreateRun {
    private static final int FEWEST_KILOBYTES = 32;
    private static final int MOST_KILOBYTES = 1 << 20;

    private final PgarkCommand pgark;
    private final StandbyCreateCommand options;
    private final Output output;

    StandbyCreateRun(PgarkCommand pgark, StandbyCreateCommand options) {
        this.pgark = pgark;
        this.options = options;
        this.output = pgark.output();
    }

    ExitCode run() throws IOException, OperationException, InterruptedException, ConfigurationException {
        if (options.fromRepository) {
            try (ClusterContext context =
                    ClusterContext.of(pgark, options.cluster.name()).in(options.repository)) {
                return run(
                        primary(),
                        new RestoredFiles(context, options.tablespaces.places(pgark), options.jobs(pgark), output));
            }
        }
        try (Progress progress = Progress.on(output)) {
            return run(primary(), new BaseBackupFiles(mappings(), isFast(), kilobytesPerSecond(), progress.listener()));
        }
    }

    private ExitCode run(ConnectionSettings primary, StandbyFiles files)
            throws IOException, OperationException, InterruptedException {
        StandbyRequest request = request(primary);
        becomeOwner(request.directory());
        Optional<StandbyState> state;
        try (Interruption interruption = Interruption.ofThisThread()) {
            state = new StandbyCreation(request, files, new Lines(output)).run();
            interruption.tooLate();
        }
        ObjectNode document = Output.object()
                .put("directory", request.directory().toString())
                .put("slot", request.slot().orElse(null))
                .put("streaming", state.isPresent());
        if (state.isEmpty()) {
            output.line("start the server on " + request.directory() + " now; it follows the primary then");
        } else {
            tell(request, state.get());
            document.put("process", state.get().process())
                    .put("port", state.get().port())
                    .put("replayed", state.get().received().toString())
                    .put("primary", state.get().primary().toString())
                    .put("lag", state.get().lag());
        }
        output.result(document);
        return ExitCode.DONE;
    }

    private void tell(StandbyRequest request, StandbyState state) {
        output.line("the standby streams"
                + state.sender().map(from -> " from " + from).orElse("") + "; it is at " + state.received() + ", "
                + Words.size(state.lag()) + " behind the primary");
        output.line("it listens on port " + state.port() + " as process " + state.process() + ", and logs to "
                + request.log() + " unless its configuration says otherwise");
        output.line("let your service manager start it from the next boot on");
    }

    private StandbyRequest request(ConnectionSettings primary) {
        Path directory = options.directory.toAbsolutePath().normalize();
        if (options.slot.name == null && !options.slot.none) {
            throw pgark.usage("the slot that is made on the primary needs a name: give --slot, or --no-slot for none");
        }
        try {
            return new StandbyRequest(
                    directory,
                    primary,
                    Optional.ofNullable(options.slot.name),
                    options.settings,
                    options.noStart
                            ? Optional.empty()
                            : Optional.of(new StandbyRequest.Start(
                                    Optional.ofNullable(options.bindir)
                                            .map(Path::toAbsolutePath)
                                            .map(Path::normalize),
                                    Optional.ofNullable(System.getenv("PATH")).orElse(""),
                                    List.of(),
                                    patience())));
        } catch (IllegalArgumentException e) {
            throw pgark.usage(String.valueOf(e.getMessage()));
        }
    }

    private ConnectionSettings primary() throws IOException, ConfigurationException {
        ConnectionString words = options.primary == null
                ? pgark.configuration().cluster(options.cluster.name()).connection()
                : new ConnectionString(options.primary);
        TlsCiphers.install();
        return ConnectionSettings.resolve(
                        words,
                        Map.of(),
                        // The name by which password files know replication.
                        Map.of(ConnectionOption.DBNAME, "replication"),
                        ConnectionEnvironment.current())
                .withApplicationNameIfNone("pgark");
    }

    private Duration patience() {
        try {
            return TimeSpan.parse(options.wait).duration();
        } catch (IllegalArgumentException e) {
            throw pgark.usage("invalid value \"" + options.wait + "\" of --wait, must be like \"60s\" or \"10m\"");
        }
    }

    private boolean isFast() {
        return switch (options.checkpoint) {
            case "fast" -> true;
            case "spread" -> false;
            default ->
                throw pgark.usage(
                        "invalid value \"" + options.checkpoint + "\" of --checkpoint, must be fast or spread");
        };
    }

    private int kilobytesPerSecond() {
        if (options.rate == null) {
            return 0;
        }
        try {
            long kilobytes = ByteSize.parse(options.rate).bytes() >> 10;
            if (kilobytes >= FEWEST_KILOBYTES && kilobytes <= MOST_KILOBYTES) {
                return (int) kilobytes;
            }
        } catch (IllegalArgumentException e) {
            throw pgark.usage(String.valueOf(e.getMessage()));
        }
        throw pgark.usage("invalid value \"" + options.rate + "\" of --rate, must be 32KiB to 1GiB");
    }

    private TablespaceMappings mappings() {
        TablespaceMappings mappings = new TablespaceMappings();
        options.tablespaces
                .places(pgark)
                .forEach((from, to) -> mappings.add(from.toString().replace("=", "\\=") + "="
                        + to.toString().replace("=", "\\=")));
        return mappings;
    }

    /** As root, makes the directory, gives it to the user that the server will run as, and goes on as that user. */
    private void becomeOwner(Path directory) throws IOException, RefusedException {
        if (!Owner.ofThisProcess().isRoot()) {
            return;
        }
        Owner owner = owner(directory);
        if (Files.exists(directory) && !isEmpty(directory)) {
            // Whoever looks next says what is wrong with it.
            OwnerSwitch.become(owner, pgark.invocation().arguments());
        }
        if (!Files.exists(directory)) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
        owner.takeOver(directory);
        OwnerSwitch.become(owner, pgark.invocation().arguments());
    }

    private static Owner owner(Path directory) throws IOException, RefusedException {
        if (Files.isDirectory(directory) && !Owner.of(directory).isRoot()) {
            return Owner.of(directory);
        }
        Optional<Owner> postgres = Owner.named("postgres");
        if (postgres.isEmpty()) {
            throw new RefusedException(
                    "no_owner",
                    "PostgreSQL does not run as root, and this host has no user \"postgres\"",
                    "Make the directory \"" + directory + "\" and give it to the user that the server will run as.");
        }
        return postgres.get();
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            return !entries.iterator().hasNext();
        }
    }

    private record Lines(Output output) implements StandbyListener {
        @Override
        public void line(String text) {
            output.line(text);
        }

        @Override
        public void warning(String text) {
            output.warning(text);
        }
    }
}
