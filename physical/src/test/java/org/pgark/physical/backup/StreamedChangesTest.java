package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.embedded.FileTree;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ChangeSource;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;
import org.postgresql.PGConnection;

/** Backups for which a server streams only what changed since another one. */
class StreamedChangesTest {
    private final StreamedScene scene = new StreamedScene();

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {17, 18})
    void ofChangesAreTheSameAsWholeOnes(int major) throws Exception {
        try (BackupFixture fixture = StreamedScene.started(major, Map.of("summarize_wal", "on"))) {
            TestCluster server = fixture.cluster;
            StreamedScene.fill(server);
            server.execute("create table busy (id int primary key, x text)");
            server.execute("create table cut (id int, x text)");
            scene.backup(fixture);
            Random random = new Random(major);
            for (int round = 0; round < 12; round++) {
                for (int step = 0; step < 3; step++) {
                    change(server, random);
                }
                BackupRecord changes = scene.backup(fixture);
                assertThat(changes.basis().changes()).isEqualTo(ChangeSource.WAL_SUMMARIES);
                BackupRecord whole = scene.backup(fixture, server, request -> request.withFull(true))
                        .record();
                Path copy = Files.createTempDirectory("pgark-unpacked-");
                try {
                    assertThat(StreamedScene.differing(fixture, changes, whole, copy))
                            .as("round %d", round)
                            .isEmpty();
                } finally {
                    FileTree.delete(copy);
                }
                // So that the next one is made on changes again.
                fixture.kept.delete(whole.id());
            }
        }
    }

    /** A bulk insertion extends a file by more pages than it fills, and nothing in WAL says so of the others. */
    @Test
    void ofChangesDoNotBringBackWhatWasCutOff() throws Exception {
        Path copy = Files.createTempDirectory("pgark-unpacked-");
        try (BackupFixture fixture = StreamedScene.started(18, Map.of("summarize_wal", "on"))) {
            TestCluster server = fixture.cluster;
            StreamedScene.fill(server);
            server.execute("create table cut (id int, x text) with (fillfactor = 10)");
            server.execute("insert into cut select n, repeat('c', 500) from generate_series(1, 1000) n");
            scene.backup(fixture);
            for (String checkpoint : List.of("checkpoint", "select 1")) {
                server.execute("delete from cut where id > 500");
                server.execute("vacuum (truncate) cut");
                copyIn(server);
                server.execute(checkpoint);
                BackupRecord changes = scene.backup(fixture);
                assertThat(changes.basis().changes()).isEqualTo(ChangeSource.WAL_SUMMARIES);
                BackupRecord whole = scene.backup(fixture, server, request -> request.withFull(true))
                        .record();
                Path round = Files.createDirectory(copy.resolve(checkpoint));
                assertThat(StreamedScene.differing(fixture, changes, whole, round))
                        .isEmpty();
                server.execute("insert into cut select n, repeat('c', 500) from generate_series(501, 1000) n");
                scene.backup(fixture);
            }
            assertThat(scene.said()).anyMatch(line -> line.contains("was cut when the backup began"));
            assertThat(scene.said()).noneMatch(line -> line.contains("the server sends all files"));
        } finally {
            FileTree.delete(copy);
        }
    }

    private static void copyIn(TestCluster server) throws Exception {
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < 120; row++) {
            rows.append(5000 + row).append('\t').append("k".repeat(500)).append('\n');
        }
        server.jdbc()
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY cut FROM STDIN", new StringReader(rows.toString()));
    }

    @Test
    void areOfWholeFilesWithoutAnOrdinarySession() throws Exception {
        try (BackupFixture fixture = StreamedScene.started(18, Map.of("summarize_wal", "on"))) {
            fixture.cluster.execute("create table near as select generate_series(1, 10000) id");
            BackupRecord first = scene.backup(fixture);
            fixture.cluster.execute("alter database postgres connection limit 0");
            BackupRecord second = scene.backup(fixture);
            assertThat(second.basis().base()).contains(first.id());
            assertThat(second.basis().changes()).isEqualTo(ChangeSource.READ);
            assertThat(scene.said()).anyMatch(line -> line.contains("only an ordinary session tells"));
        }
    }

    private static void change(TestCluster server, Random random) throws Exception {
        int from = random.nextInt(20000);
        switch (random.nextInt(11)) {
            case 0 ->
                server.execute("insert into busy select n, repeat('y', 200) from generate_series(" + from + ", "
                        + (from + 3000) + ") n on conflict do nothing");
            case 1 -> server.execute("update near set x = 'changed' where id between " + from + " and " + (from + 200));
            case 2 -> server.execute("delete from busy where id > " + from);
            case 3 -> {
                server.execute("vacuum busy");
                server.execute("delete from cut where id % 3 = 0 or id > 5060");
                server.execute("vacuum (truncate) cut");
            }
            case 4 -> server.execute("vacuum full near");
            case 5 -> server.execute("truncate busy");
            case 6 -> server.execute("create index on near (id) with (fillfactor = 50)");
            case 7 -> server.execute("vacuum (truncate) far");
            case 8 -> server.execute("delete from far where id > " + from);
            case 9 -> copyIn(server);
            default -> server.execute("insert into far select generate_series(1, 5000)");
        }
    }

    @Tag("slow")
    @Test
    void areWholeWhereTheServerHasNoSummaries() throws Exception {
        try (BackupFixture fixture = StreamedScene.started(18, Map.of("summarize_wal", "on"))) {
            TestCluster server = fixture.cluster;
            StreamedScene.fill(server);
            scene.backup(fixture);
            server.execute("update near set id = -id where id = 7");
            server.execute("checkpoint");
            server.execute("alter system set summarize_wal = off");
            server.execute("select pg_reload_conf()");
            Waiting.until(
                    "summarize_wal is off",
                    () -> server.query("select current_setting('summarize_wal')")
                            .equals("off"));
            server.execute("update near set id = -id where id = 8");
            BackupRecord last = scene.backup(fixture);
            assertThat(scene.said()).anyMatch(line -> line.contains("summarize_wal is off"));
            assertThat(last.basis().changes()).isEqualTo(ChangeSource.READ);
            BackupRecord whole = scene.backup(fixture, server, request -> request.withFull(true))
                    .record();
            Path copy = Files.createTempDirectory("pgark-unpacked-");
            try {
                assertThat(StreamedScene.differing(fixture, last, whole, copy)).isEmpty();
            } finally {
                FileTree.delete(copy);
            }
        }
    }
}
