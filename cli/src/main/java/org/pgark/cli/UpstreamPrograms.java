package org.pgark.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.pgark.cli.basebackup.CombineBackupProgram;
import org.pgark.cli.basebackup.VerifyBackupProgram;
import org.pgark.cli.dump.PgDump;
import org.pgark.cli.dumpall.PgDumpAll;
import org.pgark.cli.replication.BaseBackupProgram;
import org.pgark.cli.replication.ReceiveWalProgram;
import org.pgark.cli.restore.PgRestore;
import org.pgark.cli.upstream.ProgramFrame;
import org.pgark.cli.upstream.ProgramStreams;
import org.pgark.cli.upstream.UpstreamProgram;
import org.pgark.cli.wal.WalDumpProgram;
import org.pgark.cli.wal.WalSummaryProgram;
import org.pgark.repository.seal.TlsCiphers;

/**
 * The programs that have PostgreSQL's names: {@code pgark pg_dump ...}, or a link of that name. They are started without
 * the parser of pgark's own commands, which would take longer than everything else that a small one does.
 */
final class UpstreamPrograms {
    private UpstreamPrograms() {}

    /** The exit code of the program that the first word names, or nothing where that is no name of this kind. */
    static Optional<Integer> run(List<String> words, PrintStream err) {
        if (words.isEmpty() || !words.getFirst().startsWith("pg_")) {
            return Optional.empty();
        }
        Optional<UpstreamProgram> program = find(words.getFirst());
        if (program.isEmpty()) {
            err.println("pgark: error: there is no program \"" + words.getFirst() + "\"");
            err.println("HINT: pgark --help lists what there is.");
            return Optional.of(ExitCode.USAGE.number());
        }
        TlsCiphers.install();
        ProgramStreams streams = new ProgramStreams(
                new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out), err);
        return Optional.of(
                new ProgramFrame(program.get(), ProcessText.ofThisProcess().variables(System.getenv()), streams)
                        .run(words.subList(1, words.size())));
    }

    /** One line for each program; its class is loaded when it is asked for. */
    private static Optional<UpstreamProgram> find(String name) {
        return switch (name) {
            case "pg_dump" -> Optional.of(new PgDump());
            case "pg_dumpall" -> Optional.of(new PgDumpAll());
            case "pg_restore" -> Optional.of(new PgRestore());
            case "pg_basebackup" -> {
                TlsCiphers.expectMuch();
                yield Optional.of(new BaseBackupProgram(new BaseBackupRepositories()));
            }
            case "pg_receivewal" -> Optional.of(new ReceiveWalProgram());
            case "pg_combinebackup" -> Optional.of(new CombineBackupProgram(new BaseBackupRepositories()));
            case "pg_verifybackup" -> Optional.of(new VerifyBackupProgram());
            case "pg_waldump" -> Optional.of(new WalDumpProgram());
            case "pg_walsummary" -> Optional.of(new WalSummaryProgram());
            default -> Optional.empty();
        };
    }
}
