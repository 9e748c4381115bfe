package org.pgark.cli.replication;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.pgark.cli.upstream.GivenOption;
import org.pgark.cli.upstream.OptionReader;
import org.pgark.cli.upstream.OptionValue;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.cli.upstream.UsageException;
import org.pgark.physical.basebackup.ArchiveCompression;
import org.pgark.physical.basebackup.BaseBackupRequest;
import org.pgark.physical.basebackup.BaseBackupRequest.Output;
import org.pgark.physical.basebackup.BaseBackupRequest.Slot;
import org.pgark.physical.basebackup.TablespaceMappings;
import org.pgark.physical.basebackup.WalMethod;
import org.pgark.physical.systemcall.SyncMethod;
import org.pgark.postgres.connection.InvalidConnectionSettingsException;

/** pg_basebackup's command line: read in its order, checked in its order, with its messages. */
final class BaseBackupOptions {
    private static final int MOST_SECONDS = Integer.MAX_VALUE / 1000;

    private final ProgramRun run;
    private final ReplicationLogin login;
    private final TablespaceMappings mappings = new TablespaceMappings();
    private final Set<String> given = new HashSet<>();
    private Optional<String> directory = Optional.empty();
    private Optional<String> target = Optional.empty();
    private Optional<String> walDirectory = Optional.empty();
    private Optional<String> slot = Optional.empty();
    private Optional<String> incremental = Optional.empty();
    private Optional<String> manifestChecksums = Optional.empty();
    private Optional<Boolean> tar = Optional.empty();
    private Optional<Boolean> onServer = Optional.empty();
    private ArchiveCompression.Words compression = new ArchiveCompression.Words("none", Optional.empty());
    private ArchiveCompression clientCompression = ArchiveCompression.NONE;
    private String label = "pg_basebackup base backup";
    private WalMethod walMethod = WalMethod.STREAM;
    private Duration statusInterval = Duration.ofSeconds(10);
    private int maxRate;
    private boolean createSlot;
    private boolean noSlot;
    private boolean fast;
    private boolean writesRecovery;
    private boolean noClean;
    private boolean syncs = true;
    private SyncMethod syncMethod = SyncMethod.FSYNC;
    private boolean progress;
    private boolean verbose;
    private boolean verifies = true;
    private boolean estimates = true;
    private boolean manifest = true;
    private boolean forceEncode;

    BaseBackupOptions(ProgramRun run) {
        this.run = run;
        this.login = new ReplicationLogin(run);
    }

    ReplicationLogin login() {
        return login;
    }

    boolean cleans() {
        return !noClean;
    }

    boolean showsProgress() {
        return progress;
    }

    boolean isVerbose() {
        return verbose;
    }

    Optional<Path> walDirectory() {
        return walDirectory.map(text -> Path.of(text).normalize());
    }

    /** The directory to fill, unless the backup goes to standard output or to a target. */
    Optional<Path> directory() {
        return directory.filter(text -> !isTar() || !text.equals("-")).map(Path::of);
    }

    void read() throws UsageException, ProgramException {
        OptionReader reader = run.options(BaseBackupHelp.OPTIONS);
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
        given.add(option.name());
        switch (option.name()) {
            case "pgdata" -> directory = option.argument();
            case "format" -> tar = Optional.of(isTar(option.value()));
            case "incremental" -> incremental = option.argument();
            case "checkpoint" -> fast = isFast(option.value());
            case "create-slot" -> createSlot = true;
            case "max-rate" -> maxRate = TransferRate.kilobytes(option.value());
            case "write-recovery-conf" -> writesRecovery = true;
            case "slot" -> slot = option.argument();
            case "target" -> target = option.argument();
            case "tablespace-mapping" -> addMapping(option.value());
            case "wal-method" -> walMethod = walMethod(option.value());
            case "gzip" -> {
                compression = new ArchiveCompression.Words("gzip", Optional.empty());
                onServer = Optional.empty();
            }
            case "compress" -> takeCompression(option.value());
            case "label" -> label = option.value();
            case "no-clean" -> noClean = true;
            case "no-sync" -> syncs = false;
            case "status-interval" ->
                statusInterval = Duration.ofSeconds(
                        OptionValue.integer(option.value(), "-s/--status-interval", 0, MOST_SECONDS));
            case "verbose" -> verbose = true;
            case "progress" -> progress = true;
            case "waldir" -> walDirectory = option.argument();
            case "no-slot" -> noSlot = true;
            case "no-verify-checksums" -> verifies = false;
            case "no-estimate-size" -> estimates = false;
            case "no-manifest" -> manifest = false;
            case "manifest-force-encode" -> forceEncode = true;
            case "manifest-checksums" -> manifestChecksums = option.argument();
            case "sync-method" -> syncMethod = OptionValue.syncMethod(option.value());
            default -> login.take(option.name(), option.argument());
        }
    }

    private static boolean isTar(String text) throws ProgramException {
        return switch (text) {
            case "p", "plain" -> false;
            case "t", "tar" -> true;
            default ->
                throw new ProgramException("invalid output format \"" + text + "\", must be \"plain\" or \"tar\"");
        };
    }

    private static boolean isFast(String text) throws ProgramException {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "fast" -> true;
            case "spread" -> false;
            default ->
                throw new ProgramException(
                        "invalid checkpoint argument \"" + text + "\", must be \"fast\" or \"spread\"");
        };
    }

    private static WalMethod walMethod(String text) throws ProgramException {
        return switch (text) {
            case "n", "none" -> WalMethod.NONE;
            case "f", "fetch" -> WalMethod.FETCH;
            case "s", "stream" -> WalMethod.STREAM;
            default ->
                throw new ProgramException(
                        "invalid wal-method option \"" + text + "\", must be \"fetch\", \"stream\", or \"none\"");
        };
    }

    private void addMapping(String text) throws ProgramException {
        try {
            mappings.add(text);
        } catch (IllegalArgumentException e) {
            throw new ProgramException(String.valueOf(e.getMessage()));
        }
    }

    private void takeCompression(String text) {
        String rest = text;
        onServer = Optional.empty();
        if (text.startsWith("server-") || text.startsWith("client-")) {
            onServer = Optional.of(text.startsWith("server-"));
            rest = text.substring("server-".length());
        }
        compression = ArchiveCompression.Words.of(rest);
    }

    private boolean isTar() {
        return tar.orElse(false);
    }

    private static ProgramException misuse(String message) {
        return new ProgramException(message).withHelpHint();
    }

    /** The repository that the backup goes into, if it does. */
    Optional<String> repository() {
        return target.filter(RepositoryTarget::isMeant);
    }

    RepositoryTarget.Wanted wantedInRepository() throws ProgramException {
        return new RepositoryTarget.Wanted(
                fast,
                maxRate,
                RepositoryOptions.compression(
                        onServer, compression, given.contains("compress") || given.contains("gzip")),
                given.contains("label") ? Optional.of(label) : Optional.empty(),
                progress,
                verbose);
    }

    private void check() throws ProgramException {
        target = target.filter(text -> !text.equals("client"));
        refuse(target.isPresent() && tar.isPresent(), "cannot specify both format and backup target");
        refuse(directory.isEmpty() && target.isEmpty(), "must specify output directory or backup target");
        refuse(directory.isPresent() && target.isPresent(), "cannot specify both output directory and backup target");
        if (repository().isPresent()) {
            RepositoryOptions.check(given);
            if (walMethod == WalMethod.NONE) {
                throw RepositoryOptions.withoutWal();
            }
            return;
        }
        checkCompression();
        refuse(
                target.isPresent() && walMethod == WalMethod.STREAM,
                "WAL cannot be streamed when a backup target is specified");
        refuse(
                isTar() && walMethod == WalMethod.STREAM && directory.orElse("").equals("-"),
                "cannot stream write-ahead logs in tar mode to stdout");
        refuse(
                slot.isPresent() && walMethod != WalMethod.STREAM,
                "replication slots can only be used with WAL streaming");
        refuse(noSlot && slot.isPresent(), "--no-slot cannot be used with slot name");
        refuse(createSlot && slot.isEmpty(), "--create-slot needs a slot to be specified using --slot");
        if (walDirectory.isPresent()) {
            refuse(target.isPresent(), "WAL directory location cannot be specified along with a backup target");
            refuse(isTar(), "WAL directory location can only be specified in plain mode");
            refuse(!walDirectory.get().startsWith("/"), "WAL directory location must be an absolute path");
        }
        refuse(progress && !estimates, "--progress and --no-estimate-size are incompatible options");
        refuse(
                !manifest && manifestChecksums.isPresent(),
                "--no-manifest and --manifest-checksums are incompatible options");
        refuse(!manifest && forceEncode, "--no-manifest and --manifest-force-encode are incompatible options");
    }

    private void checkCompression() throws ProgramException {
        boolean server = onServer.orElse(target.isPresent());
        onServer = Optional.of(server);
        if (server) {
            return;
        }
        clientCompression = ArchiveCompression.of(compression)
                .orElseThrow(() -> new ProgramException(
                        "unrecognized compression algorithm: \"" + compression.algorithm() + "\""));
        if (clientCompression.error().isPresent()) {
            throw new ProgramException("invalid compression specification: "
                    + clientCompression.error().get());
        }
        refuse(target.isPresent(), "client-side compression is not possible when a backup target is specified");
        refuse(
                !isTar() && clientCompression.algorithm() != ArchiveCompression.Algorithm.NONE,
                "only tar mode backups can be compressed");
    }

    private static void refuse(boolean wrong, String message) throws ProgramException {
        if (wrong) {
            throw misuse(message);
        }
    }

    BaseBackupRequest request() throws InvalidConnectionSettingsException {
        Optional<byte[]> recovery = writesRecovery
                ? Optional.of(login.recoveryConfiguration(slot).getBytes(StandardCharsets.UTF_8))
                : Optional.empty();
        boolean server = onServer.orElse(false);
        return new BaseBackupRequest(
                output(),
                label,
                fast,
                maxRate,
                walMethod,
                slotChoice(),
                verifies,
                estimates,
                manifest
                        ? Optional.of(new BaseBackupRequest.ManifestOptions(forceEncode, manifestChecksums))
                        : Optional.empty(),
                server ? Optional.of(compression) : Optional.empty(),
                clientCompression,
                incremental.map(Path::of),
                recovery,
                syncs,
                statusInterval,
                syncMethod);
    }

    private Output output() {
        if (target.isPresent()) {
            return new Output.Target(target.get());
        }
        String text = directory.orElseThrow();
        if (!isTar()) {
            return new Output.Plain(Path.of(text), mappings);
        }
        return text.equals("-") ? new Output.TarStream(run.standardOutput()) : new Output.Tars(Path.of(text));
    }

    private Slot slotChoice() {
        if (slot.isPresent()) {
            return new Slot.Named(slot.get(), createSlot);
        }
        return noSlot ? new Slot.None() : new Slot.Temporary();
    }
}
