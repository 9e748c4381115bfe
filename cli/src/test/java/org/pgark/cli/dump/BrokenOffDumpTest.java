package org.pgark.cli.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.cli.restore.PgRestore;
import org.pgark.embedded.FileTree;
import org.pgark.testkit.NetworkProxy;
import org.pgark.testkit.SmallFileSystem;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** What is left of a dump that did not come to its end must not look whole. */
class BrokenOffDumpTest {
    /** Bytes a second, so that a dump is far from its end when something happens to it. */
    private static final int SLOW = 1 << 20;

    private static final String LAST_WORDS = "-- PostgreSQL database dump complete";

    private static TestCluster cluster;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startServer() throws Exception {
        cluster = TestCluster.of(17).started();
        for (String table : List.of("big", "other")) {
            cluster.execute("CREATE TABLE " + table + " AS SELECT n, sha512(n::text::bytea) AS a,"
                    + " sha512((-n)::text::bytea) AS b FROM generate_series(1, 40000) n");
        }
    }

    @AfterAll
    static void stopServer() throws Exception {
        cluster.close();
    }

    private static String copying() throws SQLException {
        return cluster.query("SELECT count(*) FROM pg_stat_progress_copy WHERE tuples_processed > 1000");
    }

    private static void awaitCopying(boolean some) throws Exception {
        Waiting.until("rows are copied: " + some, () -> copying().equals("0") != some);
    }

    private static void assertNoArchive(Programs programs, Path archive) {
        assertThat(archive).exists();
        assertThat(programs.run(new PgRestore(), "-l", archive.toString())).isEqualTo(1);
        assertThat(programs.err())
                .startsWith("pg_restore: error: ")
                .containsAnyOf("does not appear to be a valid ", "could not read from input file")
                .doesNotContain("internal error");
    }

    @ParameterizedTest
    @CsvSource({"-Fc, -Z1", "-Ft, -Z0", "-Fd, -j2", "-Fp, -Zgzip"})
    void aKilledDumpLeavesNothingThatLooksWhole(String format, String how) throws Exception {
        Path file = folder.resolve("killed");
        try (NetworkProxy network = NetworkProxy.to(cluster.port())) {
            network.limit(SLOW);
            Process dump = new Programs(cluster)
                    .through(network.port())
                    .start("pg_dump", format, how, "-f", file.toString(), "postgres");
            awaitCopying(true);
            if (!format.equals("-Fd")) {
                Waiting.until("some of it is written", () -> Files.size(file) > 100_000);
            }
            dump.destroyForcibly().waitFor();
        }
        awaitCopying(false);
        if (format.equals("-Fp")) {
            assertThat(isCutGzip(file)).isTrue();
        } else {
            assertNoArchive(new Programs(cluster), file);
        }
    }

    private static boolean isCutGzip(Path file) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            in.readAllBytes();
            return false;
        } catch (java.io.EOFException e) {
            return true;
        }
    }

    @Test
    void aWorkerWithoutServerEndsTheDump() throws Exception {
        Path archive = folder.resolve("archive");
        Programs programs = new Programs(cluster);
        awaitCopying(false);
        try (NetworkProxy network = NetworkProxy.to(cluster.port())) {
            network.limit(SLOW);
            AtomicLong ended = new AtomicLong();
            Thread killer = Thread.ofVirtual().start(() -> {
                try {
                    awaitCopying(true);
                    ended.set(Long.parseLong(cluster.query("SELECT count(pg_terminate_backend(pid)) FROM"
                            + " (SELECT pid FROM pg_stat_progress_copy LIMIT 1) AS one")));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(programs.through(network.port())
                            .run(new PgDump(), "-Fd", "-j2", "-f", archive.toString(), "postgres"))
                    .isEqualTo(1);
            killer.join();
            assertThat(ended).hasValue(1);
        }
        // A backend that waits for its client to read does not tell it why it ends.
        assertThat(programs.err())
                .matches("(?s)pg_dump: error: Dumping the contents of table \"(big|other)\" failed: .*(administrator"
                        + " command|server closed the connection unexpectedly).*");
        assertNoArchive(programs, archive);
    }

    private void runAndCut(Programs programs, String... words) throws Exception {
        // The backend of a test before may still be writing to a client that is gone.
        awaitCopying(false);
        try (NetworkProxy network = NetworkProxy.to(cluster.port())) {
            network.limit(SLOW);
            Thread cutter = Thread.ofVirtual().start(() -> {
                try {
                    awaitCopying(true);
                    network.cut();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(programs.through(network.port()).run(new PgDump(), words))
                    .isEqualTo(1);
            cutter.join();
        }
        assertThat(programs.err()).startsWith("pg_dump: error: Dumping the contents of table \"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Z0", "-Zgzip"})
    void aScriptOfALostServerIsNotClosedAsIfItWereWhole(String method) throws Exception {
        Path script = folder.resolve("script");
        runAndCut(new Programs(cluster), method, "-f", script.toString(), "postgres");
        if (method.equals("-Z0")) {
            assertThat(Files.readString(script)).doesNotContain(LAST_WORDS);
        } else {
            assertThat(isCutGzip(script)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Fc", "-Ft"})
    void anArchiveInAPipeOfALostServerIsRefusedThoughOnlyTheLastTableIsCut(String format) throws Exception {
        Programs programs = new Programs(cluster);
        runAndCut(programs, format, "-t", "other", "postgres");
        programs.reading(programs.bytes());
        assertThat(programs.run(new PgRestore(), "-f", folder.resolve("script").toString()))
                .isEqualTo(1);
        assertThat(programs.err()).startsWith("pg_restore: error: ");
    }

    @Test
    void aFullDiskIsToldAndLeavesNothingThatLooksWhole() throws Exception {
        String obstacle = SmallFileSystem.obstacle();
        assumeTrue(obstacle.isEmpty(), obstacle);
        List<List<String>> ways = List.of(
                List.of("-Fp"),
                List.of("-Fp", "-Zgzip"),
                List.of("-Fc"),
                List.of("-Ft"),
                List.of("-Fd"),
                List.of("-Fd", "-j2", "-Zlz4"));
        try (SmallFileSystem disk = SmallFileSystem.mount(3 << 20)) {
            for (List<String> way : ways) {
                Path file = disk.folder().resolve("dump");
                Programs programs = new Programs(cluster);
                List<String> words = new ArrayList<>(way);
                words.addAll(List.of("-f", file.toString(), "postgres"));
                assertThat(programs.run(new PgDump(), words.toArray(String[]::new)))
                        .as("%s", way)
                        .isEqualTo(1);
                assertThat(programs.err())
                        .as("%s", way)
                        .startsWith("pg_dump: error: could not write ")
                        .endsWith("No space left on device\n");
                assertThat(programs.err().lines()).hasSize(1);
                if (!way.contains("-Fp")) {
                    assertNoArchive(programs, file);
                }
                FileTree.delete(file);
            }
        }
    }
}
