package org.pgark.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.pgark.cli.basebackup.VerifyBackupProgram;
import org.pgark.cli.dump.PgDump;
import org.pgark.cli.dumpall.PgDumpAll;
import org.pgark.cli.replication.BaseBackupProgram;
import org.pgark.cli.replication.ReceiveWalProgram;
import org.pgark.cli.restore.PgRestore;
import org.pgark.cli.upstream.ProgramFrame;
import org.pgark.cli.upstream.ProgramStreams;
import org.pgark.cli.upstream.UpstreamProgram;

/**
 * What the build runs to have the JVM record what the programs with PostgreSQL's names load: they, on the server that the environment
 * names and that {@link ProgramRehearsal} has filled. Nothing but those is loaded here, so that their cache stays small.
 */
final class ProgramTraining {
    /** The word that asks for it; a folder follows. */
    static final String WORD = "rehearse-programs";

    private final Path folder;
    private final Map<String, String> environment;

    /** @param folder where archives may go */
    ProgramTraining(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    /** The exit code: 0 if every program had it. */
    int run() {
        try {
            ClassTraining.loadPrograms();
            beginTls();
            return runAll();
        } catch (IOException | GeneralSecurityException e) {
            System.err.println("pgark: error: " + e.getMessage());
            return ExitCode.FAILED.number();
        }
    }

    private int runAll() throws IOException {
        String archive = folder.resolve("archive").toString();
        String directory = folder.resolve("directory").toString();
        String script = folder.resolve("script").toString();
        String base = folder.resolve("base").toString();
        return run(new PgDump(), "-f", script, "postgres")
                + run(new PgDump(), "--inserts", "-t", "s.*", "-Zzstd", "postgres")
                + run(new PgDump(), "-Fc", "-f", archive, "postgres")
                + run(new PgDump(), "-Fd", "-j2", "-Zlz4", "-f", directory, "postgres")
                + run(new PgRestore(), "-l", archive)
                + run(new PgRestore(), "-d", "copy", archive)
                + run(new PgRestore(), "-c", "--if-exists", "-j2", "-d", "copy", directory)
                + run(new PgDumpAll(), "-g")
                + run(baseBackup(), "-Ft", "-X", "none", "--no-manifest", "-c", "fast", "-D", "-")
                + run(
                        baseBackup(),
                        "-Ft",
                        "-z",
                        "-c",
                        "fast",
                        "-D",
                        folder.resolve("archives").toString())
                + run(baseBackup(), "-P", "-c", "fast", "-D", base)
                + run(new VerifyBackupProgram(), base)
                + run(
                        new ReceiveWalProgram(),
                        "-n",
                        "--endpos",
                        "0/1",
                        "-D",
                        Files.createDirectory(folder.resolve("wal")).toString());
    }

    private static UpstreamProgram baseBackup() {
        return new BaseBackupProgram(new BaseBackupRepositories());
    }

    /** A handshake is not had, for want of a certificate, but begun. */
    private static void beginTls() throws GeneralSecurityException, SSLException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        engine.wrap(
                ByteBuffer.allocate(0), ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
    }

    private int run(UpstreamProgram program, String... words) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new ProgramFrame(
                        program, environment, new ProgramStreams(InputStream.nullInputStream(), nowhere, System.err))
                .run(List.of(words));
    }
}
