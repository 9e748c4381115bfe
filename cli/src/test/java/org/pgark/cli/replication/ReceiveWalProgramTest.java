package org.pgark.cli.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.cli.upstream.ProgramCall;
import org.pgark.embedded.StopMode;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** pg_receivewal: every byte of the server's WAL, over ends, interruptions and timelines. */
class ReceiveWalProgramTest {
    @TempDir
    private Path folder;

    private static ProgramCall receive(TestCluster server, Object... words) {
        return ProgramCall.at(server, new ReceiveWalProgram(), words);
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static void sameAsServers(TestCluster server, Path directory) throws IOException {
        for (String name : names(directory)) {
            if (name.length() == 24) {
                assertThat(directory.resolve(name))
                        .hasSameBinaryContentAs(
                                server.dataDirectory().resolve("pg_wal").resolve(name));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 18})
    void receivesToAnEndAndGoesOnFromAPartialSegment(int major) throws Exception {
        try (TestCluster server = TestCluster.of(major)
                .walSegmentMegabytes(1)
                .with("wal_keep_size", "64MB")
                .started()) {
            receive(server, "-S", "receiver", "--create-slot").mustSucceed();
            receive(server, "-S", "receiver", "--create-slot", "--if-not-exists")
                    .mustSucceed();
            assertThat(receive(server, "-S", "receiver", "--create-slot").errors())
                    .contains("ERROR:  replication slot \"receiver\" already exists");
            String first = server.switchWal();
            server.execute("create table account as select n as id from generate_series(1, 3000) n");
            String middle = server.query("select pg_current_wal_flush_lsn()");
            server.execute("select pg_create_restore_point('behind the end')");
            receive(server, "-D", folder, "-S", "receiver", "-n", "-E", middle, "--synchronous")
                    .mustSucceed();
            assertThat(names(folder)).anyMatch(name -> name.endsWith(".partial"));
            for (int round = 0; round < 3; round++) {
                server.execute("insert into account select * from account limit 2000");
                server.switchWal();
            }
            String end = server.query("select pg_current_wal_flush_lsn()");
            server.execute("select pg_create_restore_point('behind the end')");
            ProgramCall again = receive(server, "-D", folder, "-S", "receiver", "-n", "-v", "-E", end);
            assertThat(again.mustSucceed().errors()).contains("pg_receivewal: starting log streaming at");
            assertThat(names(folder)).hasSizeGreaterThan(3).doesNotContain(first + ".partial");
            sameAsServers(server, folder);
            receive(server, "-S", "receiver", "--drop-slot").mustSucceed();
            assertThat(receive(server, "-D", folder, "-S", "receiver", "-n", "-E", end)
                            .errors())
                    .contains("replication slot \"receiver\" does not exist");
        }
    }

    @Test
    void aDirectoryThatCannotBeReadIsNoReasonToTryAgain() throws Exception {
        try (TestCluster server = TestCluster.of(13).walSegmentMegabytes(1).started()) {
            Path cut = Files.writeString(folder.resolve("000000010000000000000001.gz"), "x");
            assertThat(receive(server, "-D", folder).errors())
                    .isEqualTo("pg_receivewal: error: could not seek in compressed file \"" + cut
                            + "\": Invalid argument\n");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 18})
    void compressedSegmentsHoldTheSame(int major) throws Exception {
        try (TestCluster server = TestCluster.of(major)
                .walSegmentMegabytes(1)
                .with("wal_keep_size", "64MB")
                .started()) {
            for (String method : List.of("gzip", "lz4", "zstd:3")) {
                Path directory = Files.createDirectory(folder.resolve(method.replace(':', '_')));
                String start = server.query("select pg_walfile_name(pg_current_wal_insert_lsn())");
                server.execute("create table if not exists t (n int); insert into t select generate_series(1, 2000)");
                server.switchWal();
                server.switchWal();
                String end = server.query("select pg_current_wal_flush_lsn()");
                // Its position is the server's, so what is in it comes after the switches.
                var call = ProgramCall.begun(
                        server, new ReceiveWalProgram(), "-D", directory, "-n", "-Z", method, "-E", following(end));
                awaitStreams(server, 1);
                while (!call.isDone()) {
                    server.switchWal();
                }
                call.get().mustSucceed();
                // Or it would be taken for the next one.
                awaitStreams(server, 0);
                assertThat(start).hasSize(24);
                assertThat(names(directory)).anyMatch(name -> name.matches("[0-9A-F]{24}\\.(gz|lz4|zst)"));
            }
        }
    }

    private static void awaitStreams(TestCluster server, int count) throws Exception {
        Waiting.until(
                "the server has " + count + " streams",
                () -> server.query("select count(*) from pg_stat_replication where application_name = 'pg_receivewal'")
                        .equals(String.valueOf(count)));
    }

    /** An LSN two segments further. */
    private static String following(String lsn) {
        long low = Long.parseLong(lsn.substring(lsn.indexOf('/') + 1), 16);
        return lsn.substring(0, lsn.indexOf('/') + 1)
                + Long.toHexString(low + (2 << 20)).toUpperCase(Locale.ROOT);
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 18})
    void followsAPromotionToTheNextTimeline(int major) throws Exception {
        try (TestCluster primary = TestCluster.of(major).walSegmentMegabytes(1).started();
                TestCluster standby =
                        primary.standby().with("wal_keep_size", "64MB").started()) {
            primary.execute("create table account as select n as id from generate_series(1, 3000) n");
            String position = primary.query("select pg_current_wal_flush_lsn()");
            Waiting.until(
                    "the standby has it",
                    () -> standby.query("select (pg_last_wal_receive_lsn() >= '" + position + "')::text")
                            .equals("true"));
            receive(standby, "-S", "receiver", "--create-slot").mustSucceed();
            CompletableFuture<ProgramCall> call = ProgramCall.begun(
                    standby,
                    new ReceiveWalProgram(),
                    "-D",
                    folder,
                    "-S",
                    "receiver",
                    "-n",
                    "-v",
                    "-E",
                    following(position));
            Waiting.until(
                    "it streams",
                    () -> standby.query(
                                    "select count(*) from pg_stat_replication where application_name = 'pg_receivewal'")
                            .equals("1"));
            primary.stop(StopMode.FAST);
            standby.cluster().promote();
            while (!call.isDone()) {
                standby.execute("insert into account select generate_series(1, 2000)");
            }
            assertThat(call.get().mustSucceed().errors()).contains("switched to timeline 2 at ");
            assertThat(names(folder))
                    .contains("00000002.history")
                    .anyMatch(name -> name.matches("00000002[0-9A-F]{16}"));
            sameAsServers(standby, folder);
        }
    }
}
