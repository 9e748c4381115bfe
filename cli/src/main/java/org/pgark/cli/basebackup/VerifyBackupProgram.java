package org.pgark.cli.basebackup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.cli.upstream.GivenOption;
import org.pgark.cli.upstream.OptionReader;
import org.pgark.cli.upstream.OptionTable;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.cli.upstream.UpstreamProgram;
import org.pgark.cli.upstream.UsageException;
import org.pgark.physical.storedbackup.BackupVerifier;
import org.pgark.physical.storedbackup.BackupVerifier.Format;
import org.pgark.physical.storedbackup.StoredBackupException;
import org.pgark.physical.storedbackup.VerificationRequest;
import org.pgark.postgres.manifest.ManifestException;

/** pg_verifybackup: compares a base backup with its manifest, and reads the WAL that it needs. */
public final class VerifyBackupProgram implements UpstreamProgram {
    private static final OptionTable TABLE = OptionTable.builder()
            .flag('e', "exit-on-error")
            .value('i', "ignore")
            .value('m', "manifest-path")
            .value('F', "format")
            .flag('n', "no-parse-wal")
            .flag('P', "progress")
            .flag('q', "quiet")
            .flag('s', "skip-checksums")
            .value('w', "wal-directory")
            .build();

    private final List<String> ignored = new ArrayList<>(VerificationRequest.NOT_IN_MANIFESTS);
    private Optional<Format> format = Optional.empty();
    private Optional<Path> manifest = Optional.empty();
    private Optional<Path> walDirectory = Optional.empty();
    private boolean stopsAtFirst;
    private boolean leavesWal;
    private boolean progress;
    private boolean quiet;
    private boolean skipsChecksums;

    @Override
    public String name() {
        return "pg_verifybackup";
    }

    @Override
    public String help() {
        return """
                pg_verifybackup verifies a backup against the backup manifest.

                Usage:
                  pg_verifybackup [OPTION]... BACKUPDIR

                Options:
                  -e, --exit-on-error         exit immediately on error
                  -F, --format=p|t            backup format (plain, tar)
                  -i, --ignore=RELATIVE_PATH  ignore indicated path
                  -m, --manifest-path=PATH    use specified path for manifest
                  -n, --no-parse-wal          do not try to parse WAL files
                  -P, --progress              show progress information
                  -q, --quiet                 do not print any output, except for errors
                  -s, --skip-checksums        skip checksum verification
                  -w, --wal-directory=PATH    use specified path for WAL files
                  -V, --version               output version information, then exit
                  -?, --help                  show this help, then exit

                Report bugs to <pgsql-bugs@lists.postgresql.org>.
                PostgreSQL home page: <https://www.postgresql.org/>
                """;
    }

    @Override
    public int run(ProgramRun run) throws Exception {
        Path directory = readOptions(run);
        VerificationRequest request = new VerificationRequest(
                directory,
                manifest.orElse(directory.resolve("backup_manifest")),
                leavesWal ? Optional.empty() : Optional.of(walDirectory.orElse(directory.resolve("pg_wal"))),
                ignored,
                skipsChecksums,
                stopsAtFirst);
        try {
            BackupVerifier verifier = BackupVerifier.open(request, new VerificationLines(run.log(), progress));
            Format found = format.isPresent() ? format.get() : verifier.format();
            if (found == Format.TAR && !leavesWal) {
                throw new ProgramException("pg_waldump cannot read tar files")
                        .withHint("You must use -n/--no-parse-wal when verifying a tar-format backup.");
            }
            if (!verifier.verify(found)) {
                return 1;
            }
        } catch (StoredBackupException | ManifestException e) {
            throw new ProgramException(String.valueOf(e.getMessage()));
        }
        if (!quiet) {
            run.print("backup successfully verified\n");
        }
        return 0;
    }

    private Path readOptions(ProgramRun run) throws UsageException, ProgramException, IOException {
        OptionReader reader = run.options(TABLE);
        for (Optional<GivenOption> given = reader.next(); given.isPresent(); given = reader.next()) {
            take(given.get());
        }
        List<String> operands = reader.operands();
        if (operands.isEmpty()) {
            throw new ProgramException("no backup directory specified").withHelpHint();
        }
        if (operands.size() > 1) {
            throw new ProgramException("too many command-line arguments (first is \"" + operands.get(1) + "\")")
                    .withHelpHint();
        }
        if (progress && quiet) {
            throw new ProgramException("cannot specify both -P/--progress and -q/--quiet");
        }
        return Path.of(operands.getFirst()).normalize();
    }

    private void take(GivenOption option) throws ProgramException {
        switch (option.name()) {
            case "exit-on-error" -> stopsAtFirst = true;
            case "ignore" -> ignored.add(Path.of(option.value()).normalize().toString());
            case "manifest-path" ->
                manifest = Optional.of(Path.of(option.value()).normalize());
            case "format" -> format = Optional.of(format(option.value()));
            case "no-parse-wal" -> leavesWal = true;
            case "progress" -> progress = true;
            case "quiet" -> quiet = true;
            case "skip-checksums" -> skipsChecksums = true;
            case "wal-directory" ->
                walDirectory = Optional.of(Path.of(option.value()).normalize());
            default -> throw new IllegalStateException("unknown option " + option.name());
        }
    }

    private static Format format(String text) throws ProgramException {
        return switch (text) {
            case "p", "plain" -> Format.PLAIN;
            case "t", "tar" -> Format.TAR;
            default ->
                throw new ProgramException("invalid backup format \"" + text + "\", must be \"plain\" or \"tar\"");
        };
    }
}
