package org.pgark.cli.replication;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.pgark.cli.upstream.GivenOption;
import org.pgark.cli.upstream.OptionReader;
import org.pgark.cli.upstream.OptionValue;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.cli.upstream.UsageException;
import org.pgark.physical.basebackup.ArchiveCompression;
import org.pgark.physical.receive.WalCompression;
import org.pgark.postgres.Lsn;

/** pg_receivewal's command line: read in its order, checked in its order, with its messages. */
final class ReceiveWalOptions {
    private static final int MOST_SECONDS = Integer.MAX_VALUE / 1000;

    private final ProgramRun run;
    private final ReplicationLogin login;
    private Optional<String> directory = Optional.empty();
    private Optional<String> slot = Optional.empty();
    private Optional<Lsn> end = Optional.empty();
    private ArchiveCompression.Words compression = new ArchiveCompression.Words("none", Optional.empty());
    private WalCompression walCompression = WalCompression.NONE;
    private Duration statusInterval = Duration.ofSeconds(10);
    private boolean loops = true;
    private boolean verbose;
    private boolean createSlot;
    private boolean dropSlot;
    private boolean existingIsFine;
    private boolean synchronous;
    private boolean syncs = true;

    ReceiveWalOptions(ProgramRun run) {
        this.run = run;
        this.login = new ReplicationLogin(run);
    }

    ReplicationLogin login() {
        return login;
    }

    Path directory() {
        return Path.of(directory.orElseThrow());
    }

    Optional<String> slot() {
        return slot;
    }

    Optional<Lsn> end() {
        return end;
    }

    WalCompression compression() {
        return walCompression;
    }

    Duration statusInterval() {
        return statusInterval;
    }

    boolean loops() {
        return loops;
    }

    boolean isVerbose() {
        return verbose;
    }

    boolean createsSlot() {
        return createSlot;
    }

    boolean dropsSlot() {
        return dropSlot;
    }

    boolean existingIsFine() {
        return existingIsFine;
    }

    boolean isSynchronous() {
        return synchronous;
    }

    boolean syncs() {
        return syncs;
    }

    void read() throws UsageException, ProgramException {
        OptionReader reader = run.options(ReceiveWalHelp.OPTIONS);
        for (Optional<GivenOption> option = reader.next(); option.isPresent(); option = reader.next()) {
            take(option.get());
        }
        if (!reader.operands().isEmpty()) {
            throw new ProgramException("too many command-line arguments (first is \""
                            + reader.operands().getFirst() + "\")")
                    .withHelpHint();
        }
        check();
    }

    private void take(GivenOption option) throws ProgramException {
        switch (option.name()) {
            case "directory" -> directory = option.argument();
            case "endpos" -> end = Optional.of(position(option.value()));
            case "no-loop" -> loops = false;
            case "status-interval" ->
                statusInterval = Duration.ofSeconds(
                        OptionValue.integer(option.value(), "-s/--status-interval", 0, MOST_SECONDS));
            case "slot" -> slot = option.argument();
            case "verbose" -> verbose = true;
            case "compress" -> compression = ArchiveCompression.Words.of(option.value());
            case "create-slot" -> createSlot = true;
            case "drop-slot" -> dropSlot = true;
            case "if-not-exists" -> existingIsFine = true;
            case "synchronous" -> synchronous = true;
            case "no-sync" -> syncs = false;
            default -> login.take(option.name(), option.argument());
        }
    }

    private static Lsn position(String text) throws ProgramException {
        try {
            return Lsn.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ProgramException("could not parse end position \"" + text + "\"");
        }
    }

    private void check() throws ProgramException {
        refuse(dropSlot && createSlot, "cannot use --create-slot together with --drop-slot");
        refuse(
                slot.isEmpty() && (dropSlot || createSlot),
                (dropSlot ? "--drop-slot" : "--create-slot") + " needs a slot to be specified using --slot");
        refuse(synchronous && !syncs, "cannot use --synchronous together with --no-sync");
        refuse(directory.isEmpty() && !dropSlot && !createSlot, "no target directory specified");
        ArchiveCompression understood = ArchiveCompression.of(compression)
                .orElseThrow(() -> new ProgramException(
                        "unrecognized compression algorithm: \"" + compression.algorithm() + "\""));
        if (understood.error().isPresent()) {
            throw new ProgramException(
                    "invalid compression specification: " + understood.error().get());
        }
        walCompression = new WalCompression(
                switch (understood.algorithm()) {
                    case NONE -> WalCompression.Method.NONE;
                    case GZIP -> WalCompression.Method.GZIP;
                    case LZ4 -> WalCompression.Method.LZ4;
                    case ZSTD -> WalCompression.Method.ZSTD;
                },
                understood.level());
    }

    private static void refuse(boolean wrong, String message) throws ProgramException {
        if (wrong) {
            throw new ProgramException(message).withHelpHint();
        }
    }
}
