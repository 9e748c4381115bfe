package org.pgark.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.pgark.cli.dump.PgDump;
import org.pgark.cli.dumpall.PgDumpAll;
import org.pgark.cli.restore.PgRestore;
import org.pgark.cli.upstream.ProgramFrame;
import org.pgark.cli.upstream.ProgramStreams;
import org.pgark.cli.upstream.UpstreamProgram;

/**
 * What the build runs to have the JVM record what dumps and restores load: the programs, on the server that the environment names
 * and that {@link DumpRehearsal} has filled. Nothing but those is loaded here, so that their cache stays small.
 */
final class DumpTraining {
    /** The word that asks for it; a folder follows. */
    static final String WORD = "rehearse-dumps";

    private final Path folder;
    private final Map<String, String> environment;

    /** @param folder where archives may go */
    DumpTraining(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    /** The exit code: 0 if every program had it. */
    int run() {
        try {
            ClassTraining.loadDumps();
        } catch (IOException e) {
            System.err.println("pgark: error: " + e.getMessage());
            return ExitCode.FAILED.number();
        }
        String archive = folder.resolve("archive").toString();
        String directory = folder.resolve("directory").toString();
        String script = folder.resolve("script").toString();
        return run(new PgDump(), "-f", script, "postgres")
                + run(new PgDump(), "--inserts", "-t", "s.*", "-Zzstd", "postgres")
                + run(new PgDump(), "-Fc", "-f", archive, "postgres")
                + run(new PgDump(), "-Fd", "-j2", "-Zlz4", "-f", directory, "postgres")
                + run(new PgRestore(), "-l", archive)
                + run(new PgRestore(), "-d", "copy", archive)
                + run(new PgRestore(), "-c", "--if-exists", "-j2", "-d", "copy", directory)
                + run(new PgDumpAll(), "-g");
    }

    private int run(UpstreamProgram program, String... words) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new ProgramFrame(
                        program, environment, new ProgramStreams(InputStream.nullInputStream(), nowhere, System.err))
                .run(List.of(words));
    }
}
