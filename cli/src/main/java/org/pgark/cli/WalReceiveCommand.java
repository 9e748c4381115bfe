package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.pgark.cli.configuration.ReceiveConfiguration;
import org.pgark.cli.configuration.TimeSpan;
import org.pgark.cli.output.Output;
import org.pgark.physical.walreceiver.FlushMode;
import org.pgark.physical.walreceiver.ReceiverListener;
import org.pgark.physical.walreceiver.SlotPolicy;
import org.pgark.physical.walreceiver.WalReceiver;
import org.pgark.physical.walreceiver.WalReceiverRequest;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.wire.NoticeListener;
import org.pgark.postgres.wire.SessionKind;
import org.pgark.postgres.wire.WireConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code pgark wal receive}: streams WAL into a directory of its own and on into the repository. */
@Command(
        name = "receive",
        description = "Receive WAL from the server as it is written, and bring it into the repository.",
        footer = {
            "",
            "As a synchronous standby (application_name in synchronous_standby_names) it loses nothing that was"
                    + " committed.",
            "It runs until it is stopped by a signal, and goes on where it was when it is started again."
        })
final class WalReceiveCommand implements Callable<Integer> {
    private static final Duration RECONNECT = Duration.ofSeconds(1);

    @ParentCommand
    private WalCommand wal = new WalCommand();

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Option(names = "--directory", paramLabel = "DIR", description = "keep WAL here until the repository has it")
    private @Nullable Path directory;

    @Option(names = "--slot", paramLabel = "NAME", description = "the replication slot to use")
    private @Nullable String slot;

    @Option(names = "--create-slot", description = "make the slot if it is not there")
    private boolean createSlot;

    @Option(
            names = "--flush",
            paramLabel = "WHERE",
            description = "when WAL counts as safe: durable in the \"directory\" (default) or in the \"repository\"")
    private @Nullable String flush;

    @Option(
            names = "--save-interval",
            paramLabel = "TIME",
            description = "how often the running segment is saved to the repository, for example 5s")
    private @Nullable String saveInterval;

    @Option(names = "--until", paramLabel = "LSN", description = "stop when WAL up to here is received")
    private @Nullable String until;

    @Override
    public Integer call() throws Exception {
        Output output = wal.pgark.output();
        try (ClusterContext context = ClusterContext.of(wal.pgark, cluster.name());
                ReceiverRepositories repositories = new ReceiverRepositories(context, output)) {
            WalReceiver receiver = new WalReceiver(
                    request(context.settings().receive()),
                    repositories.places(),
                    () -> open(context),
                    new Lines(output));
            if (context.settings().hasSeveralRepositories()) {
                try (ReceiverFilling _ = new ReceiverFilling(context.configuration(), context.name(), output)) {
                    work(receiver);
                }
            } else {
                work(receiver);
            }
        }
        output.line("stopped; everything that was received is safe");
        return ExitCode.DONE.number();
    }

    /** On a thread of its own, since an interruption would tear its connection and its files. */
    private static void work(WalReceiver receiver) throws Exception {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            receiver.run();
            return true;
        });
        Thread.ofPlatform().name("pgark-receive").start(task);
        try (Interruption interruption = Interruption.ofThisThread()) {
            boolean waiting = true;
            while (waiting) {
                try {
                    task.get();
                    waiting = false;
                } catch (InterruptedException e) {
                    receiver.stop();
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof Exception failure ? failure : e;
                }
            }
            interruption.tooLate();
        }
    }

    private static WireConnection open(ClusterContext context) throws IOException {
        return WireConnection.open(context.connection(), SessionKind.PHYSICAL_REPLICATION, NoticeListener.none());
    }

    private WalReceiverRequest request(ReceiveConfiguration configured) {
        Path place = directory == null
                ? configured
                        .directory()
                        .orElseThrow(
                                () -> wal.pgark.usage("no directory for WAL: set receive.directory of the cluster in"
                                        + " the configuration, or give --directory"))
                : directory.toAbsolutePath().normalize();
        Optional<String> name = slot == null ? configured.slot() : Optional.of(slot);
        if (createSlot && name.isEmpty()) {
            throw wal.pgark.usage("--create-slot needs a name: set receive.slot of the cluster, or give --slot");
        }
        return new WalReceiverRequest(
                place,
                name,
                createSlot,
                flushMode(configured),
                interval(configured),
                RECONNECT,
                new SlotPolicy(
                        configured.slotWarn().bytes(), configured.slotLimit().bytes()),
                end());
    }

    private FlushMode flushMode(ReceiveConfiguration configured) {
        String text = flush == null ? configured.flushesToRepository() ? "repository" : "directory" : flush;
        return switch (text) {
            case "directory" -> FlushMode.DIRECTORY;
            case "repository" -> FlushMode.REPOSITORY;
            default ->
                throw wal.pgark.usage(
                        "invalid value \"" + text + "\" of --flush, must be \"directory\" or \"repository\"");
        };
    }

    private Duration interval(ReceiveConfiguration configured) {
        try {
            Duration time = saveInterval == null
                    ? configured.saveInterval().duration()
                    : TimeSpan.parse(saveInterval).duration();
            if (time.isZero()) {
                throw wal.pgark.usage("invalid value \"" + saveInterval + "\" of --save-interval, must be more than 0");
            }
            return time;
        } catch (IllegalArgumentException e) {
            throw wal.pgark.usage(String.valueOf(e.getMessage()));
        }
    }

    private Optional<Lsn> end() {
        try {
            return until == null ? Optional.empty() : Optional.of(Lsn.parse(until));
        } catch (IllegalArgumentException e) {
            throw wal.pgark.usage(String.valueOf(e.getMessage()));
        }
    }

    private record Lines(Output output) implements ReceiverListener {
        @Override
        public void info(String line) {
            output.line(line);
        }

        @Override
        public void warning(String line) {
            output.warning(line);
        }
    }
}
