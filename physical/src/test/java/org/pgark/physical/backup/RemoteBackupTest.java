package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.embedded.FileTree;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.remote.RemoteFileSystem;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.repository.BackupRecord;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** Backups of servers whose files are read over connections only, by a role that is no superuser. */
class RemoteBackupTest {
    private static final String ROLE = """
        create role copier login;
        grant pg_read_all_settings, pg_monitor to copier;
        grant execute on function pg_ls_dir(text, boolean, boolean), pg_stat_file(text, boolean),
            pg_read_binary_file(text, bigint, bigint, boolean) to copier;
        """;

    private static ConnectionSettings settings(TestCluster server) throws Exception {
        return ConnectionSettings.resolve(
                "host=127.0.0.1 port=" + server.port() + " user=copier dbname=postgres",
                ConnectionEnvironment.of(Map.of(), Path.of("/nonexistent"), "copier"));
    }

    private static BackupRecord backup(BackupFixture fixture) throws Exception {
        ConnectionSettings settings = settings(fixture.cluster);
        try (RemoteFileSystem files = RemoteFileSystem.open(settings);
                ServerSession session = ServerSession.open(settings)) {
            BackupRequest request =
                    BackupRequest.of(files.dataDirectory(), "test").withJobs(2);
            return new Backup(request, fixture.kept, session, ProgressListener.SILENT, new Random())
                    .run()
                    .record();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 18})
    void areWholeAndShareWhatDidNotChange(int major) throws Exception {
        Path copy = Files.createTempDirectory("pgark-unpacked-");
        try (BackupFixture fixture = BackupFixture.started(major, Map.of())) {
            TestCluster server = fixture.cluster;
            server.execute(ROLE);
            server.execute(
                    major < 15
                            ? "grant execute on function pg_start_backup(text, boolean, boolean),"
                                    + " pg_stop_backup(boolean, boolean) to copier"
                            : "grant execute on function pg_backup_start(text, boolean), pg_backup_stop(boolean) to"
                                    + " copier");
            server.tablespace("cold");
            server.execute("create table far tablespace cold as select generate_series(1, 50000) id");
            server.execute("create table near as select n as id, repeat('x', 400) from generate_series(1, 20000) n");
            BackupRecord first = backup(fixture);
            server.execute("update near set id = -id where id = 7");
            BackupRecord second = backup(fixture);
            assertThat(first.server().host()).isEqualTo("127.0.0.1");
            assertThat(first.server().tablespaces()).hasSize(1);
            assertThat(second.size().storedBytes()).isLessThan(first.size().storedBytes() / 2);
            assertThat(second.size().rawBytes()).isGreaterThan(10_000_000);
            String segment = server.switchWal();
            Waiting.until("segment " + segment + " is archived", () -> Files.exists(fixture.incoming.resolve(segment)));
            Path data = copy.resolve("data");
            new UnpackedBackup(fixture.kept, second).writeTo(data);
            Files.createFile(data.resolve("recovery.signal"));
            try (Stream<Path> files = Files.walk(copy)) {
                for (Path file : files.toList()) {
                    if (!Files.isSymbolicLink(file)) {
                        server.cluster().user().own(file);
                    }
                }
            }
            try (TestCluster restored = TestCluster.existing(major, data)) {
                restored.cluster()
                        .configure(
                                Map.of("restore_command", "cp " + fixture.incoming + "/%f %p", "archive_mode", "off"));
                restored.start();
                restored.cluster().awaitPrimary(java.time.Duration.ofSeconds(60));
                assertThat(restored.query("select (select count(*) from far) || ' ' || (select min(id) from near)"))
                        .isEqualTo("50000 -7");
            }
        } finally {
            FileTree.delete(copy);
        }
    }

    @Test
    void saysWhichRightIsMissing() throws Exception {
        try (BackupFixture fixture = BackupFixture.started(18, Map.of())) {
            fixture.cluster.execute("create role copier login; grant pg_read_all_settings to copier");
            assertThatThrownBy(() -> backup(fixture)).hasMessageContaining("permission denied for function pg_");
            assertThat(fixture.kept.backups()).isEmpty();
        }
    }
}
