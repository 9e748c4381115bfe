package org.pgark.cli.basebackup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pgark.cli.replication.RepositoryTarget;
import org.pgark.cli.upstream.GivenOption;
import org.pgark.cli.upstream.OperatingSystemMessage;
import org.pgark.cli.upstream.OptionReader;
import org.pgark.cli.upstream.OptionTable;
import org.pgark.cli.upstream.OptionValue;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramLog;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.cli.upstream.UpstreamProgram;
import org.pgark.physical.storedbackup.BackupCombination;
import org.pgark.physical.storedbackup.CombinationListener;
import org.pgark.physical.storedbackup.CombinationRequest;
import org.pgark.physical.storedbackup.CopyMethod;
import org.pgark.physical.storedbackup.StoredBackupException;
import org.pgark.physical.systemcall.SyncMethod;
import org.pgark.postgres.manifest.ManifestChecksum;
import org.pgark.postgres.manifest.ManifestException;

/** pg_combinebackup: makes a full backup of a full one and the incremental ones on top of it. */
public final class CombineBackupProgram implements UpstreamProgram {
    private static final OptionTable TABLE = OptionTable.builder()
            .flag('d', "debug")
            .flag('n', "dry-run")
            .flag('N', "no-sync")
            .value('o', "output")
            .value('T', "tablespace-mapping")
            .flag('k', "link")
            .value("manifest-checksums")
            .flag("no-manifest")
            .value("sync-method")
            .flag("clone")
            .flag("copy")
            .flag("copy-file-range")
            .ownFlag("keep-visibility-maps")
            .ownValue("target")
            .build();

    /** What belongs to files on disk. */
    private static final List<String> NOT_WITH_TARGET = List.of(
            "no-sync", "sync-method", "link", "clone", "copy", "copy-file-range", "manifest-checksums", "no-manifest");

    private final RepositoryTarget repositories;
    private final Set<String> given = new HashSet<>();

    private final Map<Path, Path> tablespaces = new HashMap<>();
    private Optional<Path> output = Optional.empty();
    private Optional<String> target = Optional.empty();
    private CopyMethod method = CopyMethod.COPY;
    private ManifestChecksum checksum = ManifestChecksum.CRC32C;
    private SyncMethod syncMethod = SyncMethod.FSYNC;
    private boolean dryRun;
    private boolean noSync;
    private boolean noManifest;
    private boolean keepsMaps;

    /** @param repositories takes what is put together if a repository is the target */
    public CombineBackupProgram(RepositoryTarget repositories) {
        this.repositories = repositories;
    }

    @Override
    public String name() {
        return "pg_combinebackup";
    }

    @Override
    public String help() {
        return """
            pg_combinebackup reconstructs full backups from incrementals.

            Usage:
              pg_combinebackup [OPTION]... DIRECTORY...

            Options:
              -d, --debug               generate lots of debugging output
              -k, --link                link files instead of copying
              -n, --dry-run             do not actually do anything
              -N, --no-sync             do not wait for changes to be written safely to disk
              -o, --output=DIRECTORY    output directory
              -T, --tablespace-mapping=OLDDIR=NEWDIR
                                        relocate tablespace in OLDDIR to NEWDIR
                  --clone               clone (reflink) files instead of copying
                  --copy                copy files (default)
                  --copy-file-range     copy using copy_file_range() system call
                  --keep-visibility-maps
                                        keep visibility maps that can be out of date
                  --manifest-checksums=SHA{224,256,384,512}|CRC32C|NONE
                                        use algorithm for manifest checksums
                  --no-manifest         suppress generation of backup manifest
                  --sync-method=METHOD  set method for syncing files to disk
                  --target=TARGET       instead of an output directory, a repository: with
                                        "repository", "repository:NAME", a URL or a path
                                        the backup goes there
              -V, --version             output version information, then exit
              -?, --help                show this help, then exit

            Report bugs to <pgsql-bugs@lists.postgresql.org>.
            PostgreSQL home page: <https://www.postgresql.org/>
            """;
    }

    @Override
    public int run(ProgramRun run) throws Exception {
        OptionReader reader = run.options(TABLE);
        for (Optional<GivenOption> given = reader.next(); given.isPresent(); given = reader.next()) {
            take(given.get(), run.log());
        }
        List<String> operands = reader.operands();
        if (operands.isEmpty()) {
            throw new ProgramException("no input directories specified").withHelpHint();
        }
        if (target.isPresent()) {
            return intoRepository(run, operands, target.get());
        }
        if (output.isEmpty()) {
            throw new ProgramException("no output directory specified");
        }
        CombinationRequest request = new CombinationRequest(
                operands.stream().map(Path::of).toList(),
                output.get(),
                tablespaces,
                method,
                noManifest ? ManifestChecksum.NONE : checksum,
                !noManifest,
                dryRun,
                !noSync,
                syncMethod,
                keepsMaps);
        List<String> removals = new ArrayList<>();
        try {
            BackupCombination.run(request, new Lines(run.log(), removals));
            return 0;
        } catch (StoredBackupException | ManifestException e) {
            run.log().error(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            run.log().error(OperatingSystemMessage.of(e));
        }
        removals.forEach(run.log()::info);
        return 1;
    }

    private int intoRepository(ProgramRun run, List<String> operands, String place) throws Exception {
        if (output.isPresent()) {
            throw new ProgramException("cannot specify both output directory and backup target").withHelpHint();
        }
        for (String name : NOT_WITH_TARGET) {
            if (given.contains(name)) {
                throw new ProgramException("cannot specify --" + name + " with a repository as backup target")
                        .withHelpHint();
            }
        }
        if (!RepositoryTarget.isMeant(place)) {
            throw new ProgramException("unrecognized target: \"" + place + "\"").withHelpHint();
        }
        RepositoryTarget.Found found = repositories.find(run, place);
        List<String> words = new ArrayList<>(List.of(name()));
        words.addAll(run.arguments());
        found.becomeOwner(words);
        List<String> removals = new ArrayList<>();
        try {
            return found.combine(
                    run,
                    new RepositoryTarget.Combination(
                            operands.stream().map(Path::of).toList(),
                            tablespaces,
                            keepsMaps,
                            dryRun,
                            new Lines(run.log(), removals),
                            new VerificationLines(run.log(), false)));
        } catch (StoredBackupException | ManifestException e) {
            run.log().error(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            run.log().error(OperatingSystemMessage.of(e));
        }
        return 1;
    }

    /**
     * Prints what happens.
     *
     * @param removals takes up what is removed again, which is to be told behind the reason
     */
    private record Lines(ProgramLog log, List<String> removals) implements CombinationListener {
        @Override
        public void debug(String message) {
            log.debug(message);
        }

        @Override
        public void warning(String message, String hint) {
            log.warning(message);
            if (!hint.isEmpty()) {
                log.line(ProgramLog.Level.WARNING, ProgramLog.Part.HINT, hint);
            }
        }

        @Override
        public void info(String message) {
            removals.add(message);
        }
    }

    private void take(GivenOption option, ProgramLog log) throws ProgramException {
        given.add(option.name());
        switch (option.name()) {
            case "debug" -> log.increaseVerbosity();
            case "dry-run" -> dryRun = true;
            case "no-sync" -> noSync = true;
            case "output" -> output = Optional.of(Path.of(option.value()));
            case "tablespace-mapping" -> TablespaceMapping.add(tablespaces, option.value());
            case "link" -> method = CopyMethod.LINK;
            case "clone" -> method = CopyMethod.CLONE;
            case "copy" -> method = CopyMethod.COPY;
            case "copy-file-range" -> method = CopyMethod.COPY_FILE_RANGE;
            case "manifest-checksums" ->
                checksum = ManifestChecksum.of(option.value())
                        .orElseThrow(() ->
                                new ProgramException("unrecognized checksum algorithm: \"" + option.value() + "\""));
            case "no-manifest" -> noManifest = true;
            case "sync-method" -> syncMethod = OptionValue.syncMethod(option.value());
            case "keep-visibility-maps" -> keepsMaps = true;
            case "target" -> target = Optional.of(option.value());
            default -> throw new IllegalStateException("unknown option " + option.name());
        }
    }
}
