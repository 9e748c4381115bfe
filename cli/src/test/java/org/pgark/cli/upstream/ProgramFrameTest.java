package org.pgark.cli.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgramFrameTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void answersHelpAndVersionAsTheFirstWordOnly() {
        assertThat(run("--help")).isZero();
        assertThat(text(out)).isEqualTo("pg_sample is a sample.\n");
        assertThat(run("-?", "--foo")).isZero();
        assertThat(run("--version")).isZero();
        assertThat(text(out)).isEqualTo("pg_sample (PostgreSQL) 18.6 (pgark development)\n");
        assertThat(run("-V")).isZero();
        assertThat(text(err)).isEmpty();
        assertThat(run("-v", "--version")).isEqualTo(1);
        assertThat(text(err)).isEqualTo("""
                        pg_sample: unrecognized option '--version'
                        pg_sample: hint: Try "pg_sample --help" for more information.
                        """);
    }

    @Test
    void standsInForTheVersionThatTheEnvironmentNames() {
        assertThat(run(Map.of("PGARK_COMPAT", "15"), "--version")).isZero();
        assertThat(text(out)).isEqualTo("pg_sample (PostgreSQL) 15.19 (pgark development)\n");
        assertThat(run(Map.of("PGARK_COMPAT", "12"))).isEqualTo(1);
        assertThat(text(err))
                .isEqualTo("pg_sample: error: invalid value \"12\" for PGARK_COMPAT: it must be 13 to 18\n");
    }

    @Test
    void writesAsMuchAsVerboseAsksFor() {
        assertThat(run()).isZero();
        assertThat(text(err)).isEqualTo("pg_sample: warning: a warning\n");
        assertThat(run("-v")).isZero();
        assertThat(text(err)).isEqualTo("pg_sample: warning: a warning\npg_sample: a step\n");
        assertThat(run("-vv")).isZero();
        assertThat(text(err)).isEqualTo("pg_sample: warning: a warning\npg_sample: a step\npg_sample: a small step\n");
        assertThat(text(out)).isEqualTo("done for 18\n");
    }

    @Test
    void readsNumbersAsPostgresqlDoes() {
        assertThat(run("-j", " 3 ")).isZero();
        fails("invalid value \"3x\" for option -j/--jobs", "-j", "3x");
        fails("-j/--jobs must be in range 1..2147483647", "-j0");
        fails("-j/--jobs must be in range 1..2147483647", "--jobs=99999999999999999999");
    }

    @Test
    void turnsFailuresIntoLinesAndExitCodes() {
        assertThat(run("--throw=program")).isEqualTo(3);
        assertThat(text(err))
                .isEqualTo("pg_sample: error: query failed\npg_sample: detail: a detail\npg_sample: hint: a hint\n");
        fails("No such file or directory", "--throw=file");
        fails("Is a directory", "--throw=io");
        fails("out of memory\npg_sample: hint: PGARK_HEAP=512m gives pgark more.", "--throw=memory");
        fails(
                "internal error: java.lang.IllegalStateException: x\n"
                        + "pg_sample: hint: PGARK_DEBUG=1 shows where it happened.",
                "--throw=fault");
        fails(
                "too many command-line arguments (first is \"b\")\n"
                        + "pg_sample: hint: Try \"pg_sample --help\" for more information.",
                "a",
                "b",
                "c");
    }

    @Test
    void aSignalInterruptsTheWorkAndWaitsForItsEnd() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SampleProgram.class.getName(),
                "--wait"));
        Process process = new ProcessBuilder(command).start();
        try (BufferedReader lines = process.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("waiting");
            process.toHandle().destroy();
            assertThat(lines.readLine()).isEqualTo("put away");
        }
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("pg_sample: terminated by user\n");
    }

    private void fails(String message, String... words) {
        assertThat(run(words)).isEqualTo(1);
        assertThat(text(err)).isEqualTo("pg_sample: error: " + message + "\n");
    }

    private int run(String... words) {
        return run(Map.of(), words);
    }

    private int run(Map<String, String> environment, String... words) {
        out.reset();
        err.reset();
        return new ProgramFrame(
                        new SampleProgram(),
                        environment,
                        new ProgramStreams(
                                InputStream.nullInputStream(),
                                out,
                                new PrintStream(err, false, StandardCharsets.UTF_8)))
                .run(List.of(words));
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
