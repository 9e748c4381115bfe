package org.pgark.cli.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.cli.Main;
import org.pgark.cli.upstream.ProgramCall;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.testkit.SmallFileSystem;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** pg_receivewal that is killed, or whose disk is full, goes on without gap or repeat. */
class ReceiveWalFaultsTest {
    private static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);

    @TempDir
    private Path folder;

    private static TestCluster server() throws Exception {
        return TestCluster.of(18)
                .walSegmentMegabytes(1)
                .with("wal_keep_size", "1GB")
                .started();
    }

    private static void write(TestCluster server, int rows) {
        try {
            server.execute("create table if not exists account (id int, owner text);"
                    + " insert into account select n, repeat('x', 100) from generate_series(1, " + rows + ") n");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static ProgramCall receive(TestCluster server, Object... words) {
        return ProgramCall.at(server, new ReceiveWalProgram(), words);
    }

    private static Process started(TestCluster server, Path directory) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx128m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "pg_receivewal",
                        "-D",
                        directory.toString(),
                        "-S",
                        "receiver",
                        "--synchronous"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(ProgramCall.variables(server));
        return builder.start();
    }

    private static void finish(TestCluster server, Path directory, String what) throws Exception {
        server.switchWal();
        String end = server.query("select pg_current_wal_insert_lsn()");
        // A commit, since what is beyond must be flushed.
        write(server, 1);
        receive(server, "-D", directory, "-S", "receiver", "-n", "-E", end).mustSucceed();
        List<String> names;
        try (Stream<Path> files = Files.list(directory)) {
            names = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".partial") && !name.endsWith(".tmp"))
                    .sorted()
                    .toList();
        }
        assertThat(names).as(what).hasSizeGreaterThan(2);
        for (int index = 0; index < names.size(); index++) {
            if (index > 0) {
                assertThat(WalSegmentName.parse(names.get(index)))
                        .as(what)
                        .isEqualTo(WalSegmentName.parse(names.get(index - 1)).next(SIZE));
            }
            assertThat(directory.resolve(names.get(index)))
                    .as(what)
                    .hasSameBinaryContentAs(
                            server.dataDirectory().resolve("pg_wal").resolve(names.get(index)));
        }
    }

    @Test
    void goesOnAfterKillsAtAnyInstantWithoutGapOrRepeat() throws Exception {
        killed(2);
    }

    @Test
    @Tag("slow")
    void goesOnAfterManyKills() throws Exception {
        killed(Integer.getInteger("pgark.kills", 60));
    }

    private void killed(int times) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (TestCluster server = server()) {
            receive(server, "-S", "receiver", "--create-slot").mustSucceed();
            for (int round = 0; round < times; round++) {
                Process receiver = started(server, folder);
                try {
                    boolean awaits = round % 3 != 2;
                    if (awaits) {
                        Waiting.until(
                                "the receiver streams",
                                () -> server.query("select count(*) from pg_stat_replication where state = 'streaming'")
                                        .equals("1"));
                    }
                    CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(server, 15_000));
                    boolean ended = receiver.waitFor(random.nextInt(awaits ? 200 : 1000), TimeUnit.MILLISECONDS);
                    assertThat(ended).as("ended by itself, seed %d", seed).isFalse();
                    receiver.destroyForcibly().waitFor();
                    writing.join();
                } finally {
                    receiver.destroyForcibly().waitFor();
                }
            }
            finish(server, folder, "seed " + seed);
        }
    }

    @Test
    void goesOnWhenAFullDiskHasRoomAgain() throws Exception {
        String obstacle = SmallFileSystem.obstacle();
        assumeTrue(obstacle.isEmpty(), obstacle);
        try (TestCluster server = server();
                SmallFileSystem small = SmallFileSystem.mount(3 << 20)) {
            Path directory = Files.createDirectory(small.folder().resolve("received"));
            receive(server, "-S", "receiver", "--create-slot").mustSucceed();
            CompletableFuture<ProgramCall> receiving = ProgramCall.begun(
                    server, new ReceiveWalProgram(), "-D", directory, "-S", "receiver", "-n", "--synchronous");
            Waiting.until(
                    "the receiver streams",
                    () -> server.query("select count(*) from pg_stat_replication where state = 'streaming'")
                            .equals("1"));
            write(server, 40_000);
            ProgramCall full = receiving.get(60, TimeUnit.SECONDS);
            assertThat(full.exitCode()).isEqualTo(1);
            assertThat(full.errors())
                    .containsPattern(
                            "could not open write-ahead log file \"[0-9A-F]{24}\\.partial\": No space left on device");
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.move(file, folder.resolve(file.getFileName()));
                }
            }
            finish(server, folder, "after the disk was full");
        }
    }
}
