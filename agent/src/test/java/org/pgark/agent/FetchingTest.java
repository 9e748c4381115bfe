package org.pgark.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.StopMode;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.Repository;
import org.pgark.repository.archive.WalArchive;
import org.pgark.repository.archive.WalSource;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

class FetchingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static Archive archive;
    private static TestCluster server;

    @BeforeAll
    static void start() throws Exception {
        archive = new Archive();
        server = TestCluster.of(15)
                .walSegmentMegabytes(1)
                .archiveCommand(archive.archiveCommand())
                .created();
        archive.register(server.dataDirectory());
        server.start();
        server.execute("create table event (id int)");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        archive.close();
    }

    /** A copy whose missing WAL, of these many segments, is in the archive. */
    private static TestCluster copy(int segments) throws Exception {
        TestCluster copy = server.baseCopy(
                Map.of("restore_command", archive.restoreCommand(), "archive_mode", "off"), "recovery.signal");
        String last = "";
        for (int count = 0; count < segments; count++) {
            server.execute("insert into event values (" + count + ")");
            last = server.switchWal();
        }
        String lastSwitched = last;
        Waiting.until("all WAL is archived", () -> archive.contains(lastSwitched));
        return copy;
    }

    private static String rows() throws Exception {
        return server.query("select count(*) from event");
    }

    @Test
    void recoversFromTheArchiveAndReadsAhead() throws Exception {
        try (TestCluster copy = copy(12)) {
            copy.start();
            copy.cluster().awaitPrimary(PATIENCE);

            assertThat(copy.query("select count(*) from event")).isEqualTo(rows());
            assertThat(copy.query("select timeline_id from pg_control_checkpoint()"))
                    .isIn("1", "2");
            assertThat(archive.log()).contains("fetched ");
        }
    }

    @Test
    void stopsRatherThanEndRecoveryEarlyWhileTheRepositoryIsAway() throws Exception {
        try (TestCluster copy = copy(3)) {
            copy.cluster()
                    .configure(Map.of("restore_command", "PGARK_ARCHIVE_GET_TIMEOUT=2 " + archive.restoreCommand()));
            Path away = archive.home.resolve("away");
            Files.move(archive.repository, away);
            copy.cluster().launch();
            assertThat(copy.cluster().awaitEnd(PATIENCE)).isNotZero();
            assertThat(copy.dataDirectory().resolve("recovery.signal")).exists();
            assertThat(copy.cluster().logTail(40))
                    .containsPattern(
                            "pgark-wal: error: (the repository cannot be read|WAL file \"[^\"]+\" cannot be fetched): ")
                    .contains("could not be fetched in 2 s");

            Files.move(away, archive.repository);
            copy.start();
            copy.cluster().awaitPrimary(PATIENCE);
            assertThat(copy.query("select count(*) from event")).isEqualTo(rows());
        }
    }

    /** A server that is stopped while it waits for a growing segment, and started when there is more of it. */
    @Test
    void whatThereWasOfAGrowingSegmentIsNotHandedOutLater() throws Exception {
        server.execute("insert into event select generate_series(1, 5000)");
        WalSegmentName segment = WalSegmentName.parse(server.switchWal());
        Waiting.until("it is archived", () -> archive.contains(segment.toString()));
        WalFileName name = new WalFileName.Segment(segment);
        ControlFile control = ControlFile.read(server.dataDirectory());
        Path fetched = archive.spool.get(control.systemIdentifier());
        Path target = archive.home.resolve("RECOVERYXLOG");
        try (Repository repository = archive.open()) {
            WalArchive wal = repository
                    .open(repository.cluster("main").newest().orElseThrow())
                    .walArchive();
            wal.get(name, target);
            byte[] whole = Files.readAllBytes(target);
            wal.delete(List.of(name));
            wal.running()
                    .chain(segment, control.walSegmentSize())
                    .append(1 << 16, (from, length) -> Arrays.copyOfRange(whole, from, from + length));
            Files.createDirectories(fetched);
            Path answer = fetched.resolve(segment + ".gone.answer");
            Files.writeString(
                    fetched.resolve(segment + ".gone.want"),
                    "pgark request 1\n" + server.dataDirectory() + "\npg_wal/RECOVERYXLOG\nend\n");
            Waiting.until("the worker has answered", () -> Files.exists(answer));
            assertThat(answer).content().contains("running");
            wal.put(name, new ArchivedContents(whole));

            Process front = new ProcessBuilder(
                            "sh",
                            "-c",
                            archive.restoreCommand()
                                    .replace("%f", segment.toString())
                                    .replace("%p", target.toString()))
                    .directory(server.dataDirectory().toFile())
                    .inheritIO()
                    .start();

            assertThat(front.waitFor()).isZero();
            assertThat(target).hasBinaryContent(whole);
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record ArchivedContents(byte[] bytes) implements WalSource {
        @Override
        public ReadableByteChannel open() {
            return Channels.newChannel(new ByteArrayInputStream(bytes));
        }

        @Override
        public byte[] facts() {
            return new byte[] {1};
        }
    }

    @Test
    void standbyStaysUpAndGoesOnStreamingWhileTheRepositoryIsAway() throws Exception {
        try (TestCluster standby = server.standby()
                .with("archive_mode", "off")
                .with("wal_retrieve_retry_interval", "200ms")
                .with("restore_command", "PGARK_ARCHIVE_GET_TIMEOUT=1 " + archive.restoreCommand())
                .started()) {
            Path away = archive.home.resolve("away");
            Files.move(archive.repository, away);
            server.execute("insert into event values (1)");
            Waiting.until(
                    "the row is there",
                    () -> standby.query("select count(*) from event").equals(rows()));

            server.execute("select pg_terminate_backend(pid) from pg_stat_replication");
            server.execute("insert into event values (2)");
            Waiting.until(
                    "the next row is there",
                    PATIENCE,
                    () -> standby.query("select count(*) from event").equals(rows()));
            assertThat(standby.cluster().logTail(100)).contains("the standby may go on without it");
            assertThat(standby.query("select pg_is_in_recovery()")).isEqualTo("t");
            Files.move(away, archive.repository);
        }
    }

    @Test
    void isPromotedOnALaterTimelineWhileTheRepositoryIsAway() throws Exception {
        try (TestCluster standby = server.standby()
                .with("archive_mode", "off")
                .with("restore_command", "PGARK_ARCHIVE_GET_TIMEOUT=1 " + archive.restoreCommand())
                .started()) {
            standby.cluster().promote();
            standby.cluster().awaitPrimary(PATIENCE);
            standby.execute("insert into event values (1)");
            standby.stop(StopMode.FAST);
            Files.createFile(standby.dataDirectory().resolve("standby.signal"));
            standby.start();

            Path away = archive.home.resolve("away");
            Files.move(archive.repository, away);
            try {
                standby.cluster().promote();
                standby.cluster().awaitPrimary(PATIENCE);
            } finally {
                Files.move(away, archive.repository);
            }
            assertThat(Files.readAllLines(standby.dataDirectory().resolve("pg_wal/00000003.history")).stream()
                            .filter(line -> line.matches("[12]\t.*")))
                    .hasSize(2);
            assertThat(standby.cluster().logTail(100))
                    .contains("\"00000003.history\" could not be fetched in 1 s, the standby may go on without it")
                    .contains("its new timeline may have a number that is taken");
        }
    }

    @Test
    void aWorkerThatFetchesArchivesNothingThatNobodyAsksFor() throws Exception {
        String archived = server.switchWal();
        Waiting.until("it is archived", () -> archive.contains(archived));
        server.reconfigure(Map.of("archive_command", "/bin/false"));
        try {
            String refused = server.switchWal();
            Waiting.until(
                    "the server archives nothing any more",
                    () -> server.query("select last_failed_wal from pg_stat_archiver")
                            .equals(refused));
            endWorker();
            String ready = server.switchWal();

            Path target = archive.home.resolve("RECOVERYXLOG");
            Process front = new ProcessBuilder(
                            "sh",
                            "-c",
                            archive.restoreCommand().replace("%f", archived).replace("%p", target.toString()))
                    .directory(server.dataDirectory().toFile())
                    .inheritIO()
                    .start();
            assertThat(front.waitFor()).isZero();
            endWorker();

            assertThat(archive.log()).contains("fetched " + archived);
            assertThat(archive.contains(ready)).isFalse();
        } finally {
            server.reconfigure(Map.of("archive_command", archive.archiveCommand()));
        }
    }

    private static void endWorker() throws Exception {
        if (archive.worker().isPresent()) {
            ProcessHandle worker = archive.worker().get();
            worker.destroy();
            worker.onExit().join();
        }
    }
}
