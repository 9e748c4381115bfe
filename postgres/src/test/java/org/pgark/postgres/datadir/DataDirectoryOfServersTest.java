package org.pgark.postgres.datadir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.embedded.StopMode;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.control.ClusterState;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.label.BackupLabel;
import org.pgark.postgres.label.TablespaceMap;
import org.pgark.postgres.page.PageChecksum;
import org.pgark.postgres.page.PageVerdict;
import org.pgark.postgres.page.PageVerifier;
import org.pgark.testkit.TestCluster;

/** Reads the files of real servers and compares with what the servers say of themselves. */
class DataDirectoryOfServersTest {
    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void readsTheFilesOfAServer(int major) throws Exception {
        check(major);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {13, 15, 16, 17})
    void readsTheFilesOfTheOtherServers(int major) throws Exception {
        check(major);
    }

    private static void check(int major) throws Exception {
        try (TestCluster cluster =
                TestCluster.of(major).tablespace("other").walSegmentMegabytes(1).started()) {
            cluster.execute("create unlogged table fleeting (id bigint primary key)");
            cluster.execute("create table note tablespace other as select n from generate_series(1, 5000) n");
            cluster.execute("vacuum note");
            cluster.execute("checkpoint");
            Path directory = cluster.dataDirectory();
            checkControlFile(cluster, major);
            checkLabels(cluster, major);

            PostmasterPid pid = PostmasterPid.read(directory).orElseThrow();
            assertThat(pid.port()).isEqualTo(cluster.port());
            assertThat(pid.status()).isEqualTo("ready");
            assertThat(pid.isRunning(directory)).isTrue();
            cluster.stop(StopMode.FAST);
            assertThat(pid.isRunning(directory)).isFalse();
            assertThat(PostmasterPid.read(directory)).isEmpty();
            assertThat(ControlFile.read(directory).state()).isEqualTo(ClusterState.SHUT_DOWN);
            checkPages(directory);
            checkRules(directory);
        }
    }

    private static void checkControlFile(TestCluster cluster, int major) throws Exception {
        ControlFile control = ControlFile.read(cluster.dataDirectory());
        assertThat(control.major()).isEqualTo(PostgresMajor.of(major));
        try (Statement statement = cluster.jdbc().createStatement();
                ResultSet server = statement.executeQuery("select system_identifier::text, checkpoint_lsn::text,"
                        + " redo_lsn::text, timeline_id, prev_timeline_id, full_page_writes, next_xid,"
                        + " extract(epoch from checkpoint_time)::bigint, database_block_size, blocks_per_segment,"
                        + " wal_block_size, bytes_per_wal_segment, data_page_checksum_version,"
                        + " min_recovery_end_lsn::text, catalog_version_no"
                        + " from pg_control_system(), pg_control_checkpoint(), pg_control_init(),"
                        + " pg_control_recovery()")) {
            assertThat(server.next()).isTrue();
            assertThat(control.systemIdentifier()).hasToString(server.getString(1));
            assertThat(control.checkpoint()).hasToString(server.getString(2));
            assertThat(control.redo()).hasToString(server.getString(3));
            assertThat(control.timeline().id()).isEqualTo(server.getInt(4));
            assertThat(control.previousTimeline().id()).isEqualTo(server.getInt(5));
            assertThat(control.fullPageWrites()).isEqualTo(server.getBoolean(6));
            assertThat("0:" + control.nextTransaction()).isEqualTo(server.getString(7));
            assertThat(control.checkpointTime().getEpochSecond()).isEqualTo(server.getLong(8));
            assertThat(control.blockSize()).isEqualTo(server.getInt(9));
            assertThat(control.relationSegmentBlocks()).isEqualTo(server.getInt(10));
            assertThat(control.walBlockSize()).isEqualTo(server.getInt(11));
            assertThat(control.walSegmentSize().bytes()).isEqualTo(server.getInt(12));
            assertThat(control.dataChecksumVersion()).isEqualTo(server.getInt(13));
            assertThat(control.minimumRecoveryPoint()).hasToString(server.getString(14));
            assertThat(control.major().catalogVersion()).isEqualTo(server.getInt(15));
        }
    }

    private static void checkLabels(TestCluster cluster, int major) throws Exception {
        boolean old = major < 15;
        String start = cluster.query(
                "select " + (old ? "pg_start_backup('two words', true, false)" : "pg_backup_start('two words', true)")
                        + "::text");
        try (Statement statement = cluster.jdbc().createStatement();
                ResultSet stop = statement.executeQuery("select labelfile, spcmapfile from "
                        + (old ? "pg_stop_backup(false, false)" : "pg_backup_stop(false)"))) {
            assertThat(stop.next()).isTrue();
            BackupLabel label = BackupLabel.parse(stop.getString(1));
            assertThat(label.start()).isEqualTo(Lsn.parse(start));
            assertThat(label.label()).isEqualTo("two words");
            assertThat(label.fromStandby()).isFalse();
            assertThat(label.incremental()).isFalse();
            TablespaceMap map = TablespaceMap.parse(stop.getString(2));
            assertThat(map.entries())
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.path())
                            .isEqualTo(
                                    cluster.home().resolve("tablespaces/other").toString()));
            assertThat(map.format().strip()).isEqualTo(stop.getString(2).strip());
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static void checkPages(Path directory) throws IOException {
        Map<PageVerdict, Integer> verdicts = new EnumMap<>(PageVerdict.class);
        int tablespacePages = 0;
        for (Path file : files(directory)) {
            Optional<RelationPath> relation =
                    RelationPath.parse(directory.relativize(file).toString());
            if (relation.isEmpty()) {
                continue;
            }
            byte[] content = Files.readAllBytes(file);
            for (int block = 0; (block + 1) * PageChecksum.PAGE_BYTES <= content.length; block++) {
                PageVerdict verdict = PageVerifier.verify(content, block * PageChecksum.PAGE_BYTES, block, new Lsn(-1));
                verdicts.merge(verdict, 1, Integer::sum);
                tablespacePages += relation.get().tablespace() > RelationPath.GLOBAL_TABLESPACE ? 1 : 0;
            }
        }
        assertThat(verdicts).doesNotContainKeys(PageVerdict.DAMAGED, PageVerdict.RECENT);
        assertThat(verdicts.get(PageVerdict.VALID)).isGreaterThan(500);
        assertThat(tablespacePages).isGreaterThan(20);
    }

    private static void checkRules(Path directory) throws IOException {
        Path database = directory.resolve("base");
        List<String> skipped = files(database).stream()
                .filter(file -> CopyRules.of(
                                directory.relativize(file).toString(),
                                FileType.REGULAR,
                                CopyRules.unloggedAmong(siblings(file)))
                        == CopyRule.SKIP)
                .map(file -> String.valueOf(file.getFileName()))
                .filter(name -> !name.startsWith("pg_internal.init"))
                .toList();
        // The unlogged table and its index, both without their init forks.
        assertThat(skipped).hasSize(2);
    }

    private static List<String> siblings(Path file) {
        String[] names =
                Optional.ofNullable(file.toFile().getParentFile().list()).orElseThrow();
        return List.of(names);
    }
}
