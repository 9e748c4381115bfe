package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.embedded.StopMode;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.Said;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ChangeSource;
import org.pgark.testkit.NetworkProxy;
import org.pgark.testkit.TestCluster;

/** What a backup that a server streams does when what comes cannot be right. */
class StreamedBackupDoubtsTest {
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());

    private BackupOutcome backup(BackupFixture fixture, int port, UnaryOperator<BackupRequest> options)
            throws Exception {
        ConnectionSettings settings = ConnectionSettings.resolve(
                "host=127.0.0.1 port=" + port + " user=postgres dbname=postgres sslmode=disable",
                ConnectionEnvironment.of(Map.of(), Path.of("/nonexistent"), "postgres"));
        BackupRequest request = BackupRequest.of(Path.of("/"), "test").withJobs(2);
        ProgressListener heard = new Said() {
            @Override
            public synchronized void notice(String message) {
                said.add(message);
            }

            @Override
            public synchronized void warning(String message) {
                said.add("warning: " + message);
            }
        };
        return new StreamedBackup(options.apply(request), fixture.kept, settings, heard, new Random()).run();
    }

    private static void write(Path file, long position, String text) throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), position);
        }
    }

    @Test
    void tellOfPagesThatDifferThoughWalSaysNothingOfThem() throws Exception {
        try (BackupFixture fixture = BackupFixture.withoutChecksums(18, Map.of("summarize_wal", "on"))) {
            TestCluster server = fixture.cluster;
            for (int table = 0; table < 4; table++) {
                server.execute("create table t" + table
                        + " as select n as id, repeat('x', 400) x from generate_series(1, 2000) n");
            }
            backup(fixture, server.port(), request -> request);
            server.execute("checkpoint");
            List<Path> files = new ArrayList<>();
            for (int table = 0; table < 4; table++) {
                files.add(
                        server.dataDirectory().resolve(server.query("select pg_relation_filepath('t" + table + "')")));
            }
            server.stop(StopMode.FAST);
            for (Path file : files) {
                write(file, 3 * 8192 + 8000, "y");
            }
            server.start();
            // Written anew, and so no longer as the base has them, but not without WAL.
            server.execute("update t0 set x = 'z' where id < 20");
            long reported = 0;
            for (int round = 0; round < 2; round++) {
                BackupOutcome outcome = backup(fixture, server.port(), request -> request.withRecheck(2));
                assertThat(outcome.record().basis().changes()).isEqualTo(ChangeSource.WAL_SUMMARIES);
                reported += outcome.statistics().unexplainedPages();
            }
            assertThat(reported).isBetween(3L, 4L);
            for (Path file : files.subList(1, 4)) {
                String path = server.dataDirectory().relativize(file).toString();
                assertThat(said)
                        .anyMatch(line -> line.startsWith("warning: page 3 of \"" + path + "\" (page LSN ")
                                && line.contains("though WAL says nothing of a change"));
            }
            assertThat(said).noneMatch(line -> line.startsWith("warning: page 0 of "));
        }
    }

    @Test
    void beginAgainWithAllFilesIfChangesCannotBeUsed() throws Exception {
        try (BackupFixture fixture = BackupFixture.started(18, Map.of("summarize_wal", "on"));
                NetworkProxy network = NetworkProxy.to(fixture.cluster.port())) {
            TestCluster server = fixture.cluster;
            server.execute("create table near as select n as id, repeat('x', 400) x from generate_series(1, 2000) n");
            BackupRecord first =
                    backup(fixture, network.port(), request -> request).record();
            server.execute("update near set id = -id where id = 7");
            network.replace(new byte[] {0x0d, 0x1f, (byte) 0xae, (byte) 0xd3}, new byte[] {0x0d, 0x1f, (byte) 0xae, 0});
            BackupRecord second =
                    backup(fixture, network.port(), request -> request).record();
            assertThat(second.basis().base()).contains(first.id());
            assertThat(second.basis().changes()).isEqualTo(ChangeSource.READ);
            assertThat(said)
                    .anyMatch(line -> line.startsWith("warning: the changes that the server sent cannot be used, it is"
                                    + " asked for all files instead: incremental file of \"")
                            && line.contains("begins with ae1f0d, "));
            assertThat(said)
                    .contains("the server sends all files, which are compared with backup " + first.id()
                            + ": the changes that it sent cannot be used");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 18})
    void failIfWhatCameIsNotWhatTheServerRead(int major) throws Exception {
        try (BackupFixture fixture = BackupFixture.withoutChecksums(major, Map.of());
                NetworkProxy network = NetworkProxy.to(fixture.cluster.port())) {
            TestCluster server = fixture.cluster;
            server.execute("create table near as select n as id, 'the needle'::text x from generate_series(1, 2000) n");
            String path = server.query("select pg_relation_filepath('near')");
            network.replace(
                    "the needle".getBytes(StandardCharsets.US_ASCII), "the noodle".getBytes(StandardCharsets.US_ASCII));
            FailedException failure = catchThrowableOfType(
                    FailedException.class, () -> backup(fixture, network.port(), request -> request));
            assertThat(failure)
                    .hasMessage("what came of file \"" + path + "\" is not what the server read: its checksum differs"
                            + " from the one in the server's manifest");
            assertThat(failure.code()).isEqualTo("received_differs");
            assertThat(fixture.kept.backups()).isEmpty();
        }
    }
}
