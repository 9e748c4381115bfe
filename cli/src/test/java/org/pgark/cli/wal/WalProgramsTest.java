package org.pgark.cli.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.cli.upstream.ProgramCall;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** pg_waldump and pg_walsummary over what servers wrote. */
class WalProgramsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {13, 18})
    void showsTheRecordsOfWhatWasDone(int major) throws Exception {
        try (TestCluster server = TestCluster.of(major).walSegmentMegabytes(1).started()) {
            String start = server.query("select pg_current_wal_insert_lsn()");
            server.execute("create table account (id int); insert into account values (1)");
            server.execute("insert into account values (2)");
            server.execute("drop table account");
            String end = server.query("select pg_current_wal_insert_lsn()");
            Path wal = server.dataDirectory().resolve("pg_wal");
            ProgramCall all = ProgramCall.of(new WalDumpProgram(), "-p", wal, "-s", start, "-e", end)
                    .mustSucceed();
            List<String> lines = all.output().lines().toList();
            assertThat(lines).hasSizeGreaterThan(20);
            assertThat(lines.getFirst()).contains("lsn: " + padded(start));
            assertThat(all.output())
                    .contains("rmgr: Heap ")
                    .contains("desc: INSERT")
                    .contains("desc: COMMIT");
            ProgramCall some = ProgramCall.of(
                            new WalDumpProgram(), "-p", wal, "-s", start, "-e", end, "-r", "Transaction", "-n", "2")
                    .mustSucceed();
            assertThat(some.output().lines()).hasSize(2).allMatch(line -> line.startsWith("rmgr: Transaction "));
            ProgramCall sums = ProgramCall.of(new WalDumpProgram(), "-p", wal, "-s", start, "-e", end, "-z")
                    .mustSucceed();
            assertThat(sums.output()).contains("Total").contains("Heap");
            ProgramCall beyond = ProgramCall.of(new WalDumpProgram(), "-p", wal, "-s", "7F/0");
            assertThat(beyond.exitCode()).isEqualTo(1);
            assertThat(beyond.errors()).contains("pg_waldump: error: could not find file \"00000001");
        }
    }

    private static String padded(String lsn) {
        int slash = lsn.indexOf('/') + 1;
        String low = lsn.substring(slash);
        return lsn.substring(0, slash) + "0".repeat(8 - low.length()) + low;
    }

    @Test
    void showsWhatASummaryKnowsAsTheServerDoes() throws Exception {
        try (TestCluster server = TestCluster.of(18)
                .walSegmentMegabytes(1)
                .with("summarize_wal", "on")
                .started()) {
            server.execute("create table account as select n as id from generate_series(1, 3000) n; checkpoint");
            server.execute("update account set id = -id where id = 3000; checkpoint");
            Waiting.until(
                    "there is a summary of the changes",
                    () -> !server.query("select count(*) from pg_available_wal_summaries() s,"
                                    + " pg_wal_summary_contents(s.tli, s.start_lsn, s.end_lsn) where not"
                                    + " is_limit_block")
                            .equals("0"));
            Path directory = server.dataDirectory().resolve("pg_wal/summaries");
            for (Path summary : summaries(directory)) {
                String name = summary.getFileName().toString();
                List<String> shown = ProgramCall.of(new WalSummaryProgram(), "-i", summary)
                        .mustSucceed()
                        .output()
                        .lines()
                        .filter(line -> line.contains(": block "))
                        .toList();
                assertThat(shown)
                        .containsExactlyInAnyOrderElementsOf(server.queryAll(
                                "select format('TS %s, DB %s, REL %s, FORK %s: block %s', reltablespace, reldatabase,"
                                        + " relfilenode, (array['main', 'fsm', 'vm', 'init'])[relforknumber + 1],"
                                        + " relblocknumber) from pg_wal_summary_contents(1, '" + lsn(name, 8) + "', '"
                                        + lsn(name, 24) + "') where not is_limit_block"));
            }
        }
        Path damaged = Files.writeString(folder.resolve("damaged.summary"), "no summary");
        assertThat(ProgramCall.of(new WalSummaryProgram(), damaged).exitCode()).isEqualTo(1);
    }

    /** The LSN of sixteen digits in a summary's name. */
    private static String lsn(String name, int at) {
        return name.substring(at, at + 8) + "/" + name.substring(at + 8, at + 16);
    }

    /** Those that are whole: the server writes the next one under the name {@code temp.summary}. */
    private static List<Path> summaries(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9A-F]{40}\\.summary"))
                    .sorted()
                    .toList();
        }
    }
}
