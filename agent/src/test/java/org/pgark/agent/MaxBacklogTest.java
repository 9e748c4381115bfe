package org.pgark.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.physical.wal.BacklogLimit;
import org.pgark.physical.wal.ReleasedWal;
import org.pgark.physical.wal.Spool;
import org.pgark.physical.wal.WaitingWal;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** What becomes of WAL that waits when {@code archive.max-backlog} is reached. */
class MaxBacklogTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final long LIMIT = 4 << 20;

    private static TestCluster server(Archive archive) throws Exception {
        TestCluster server = TestCluster.of(15)
                .walSegmentMegabytes(1)
                .archiveCommand(archive.archiveCommand())
                .created();
        archive.register(server.dataDirectory());
        server.start();
        return server;
    }

    private static List<String> switched(TestCluster server, int count) throws Exception {
        List<String> switched = new ArrayList<>();
        for (int one = 0; one < count; one++) {
            switched.add(server.switchWal());
        }
        return switched;
    }

    @Test
    void theOldestIsGivenUpAndNamedAndTheRestArchivedLater() throws Exception {
        try (Archive archive = new Archive().limited(LIMIT, "give-up");
                TestCluster server = server(archive)) {
            List<String> before = switched(server, 2);
            Waiting.until("they are archived", LONG, () -> archive.segments().containsAll(before));

            Path gone = archive.home.resolve("gone");
            Files.move(archive.repository, gone);
            List<String> meanwhile = switched(server, 10);
            Waiting.until(
                    "less waits than the limit",
                    LONG,
                    () -> WaitingWal.in(server.dataDirectory()).bytes() < LIMIT);
            Files.move(gone, archive.repository);
            List<String> after = switched(server, 1);
            Waiting.until("the last is archived", LONG, () -> archive.segments().containsAll(after));

            List<String> released = ReleasedWal.in(archive.spool).stream()
                    .map(ReleasedWal::name)
                    .toList();
            assertThat(released).isNotEmpty().isEqualTo(meanwhile.subList(0, released.size()));
            List<String> kept = meanwhile.subList(released.size(), meanwhile.size());
            assertThat(kept).isNotEmpty();
            assertThat(archive.segments()).containsAll(kept).doesNotContainAnyElementsOf(released);
            assertThat(Files.readString(server.cluster().logFile()))
                    .contains("\"" + released.getFirst() + "\" is GIVEN UP, it is in no archive");
        }
    }

    @Test
    void whatOneRepositoryHasIsLetGoAndTheOtherFilledLater() throws Exception {
        try (Archive archive = new Archive("all", "near", "far").limited(LIMIT, "any");
                TestCluster server = server(archive)) {
            List<String> before = switched(server, 1);
            Waiting.until(
                    "it is archived", LONG, () -> archive.segmentsIn("far").containsAll(before));

            Path gone = archive.home.resolve("gone");
            Files.move(archive.home.resolve("far"), gone);
            List<String> meanwhile = switched(server, 10);
            Waiting.until(
                    "less waits than the limit",
                    LONG,
                    () -> WaitingWal.in(server.dataDirectory()).bytes() < LIMIT);
            assertThat(archive.segmentsIn("near")).containsAll(meanwhile);
            assertThat(ReleasedWal.in(archive.spool)).isNotEmpty().allMatch(ReleasedWal::kept);
            Files.move(gone, archive.home.resolve("far"));
            Waiting.until(
                    "all are in the other",
                    LONG,
                    () -> archive.segmentsIn("far").containsAll(meanwhile));
        }
    }

    @Test
    void warnsFromHalfTheLimitOnAndLetsNothingGoUnlessToldTo(@TempDir Path folder) throws Exception {
        Path marks = Files.createDirectories(folder.resolve("data/pg_wal/archive_status"));
        Spool spool = new Spool(Files.createDirectories(folder.resolve("spool")));
        Files.write(marks.resolveSibling("000000010000000000000001"), new byte[600]);
        Files.createFile(marks.resolve("000000010000000000000001.ready"));
        Instant now = Instant.now();
        for (BacklogLimit limit : List.of(
                new BacklogLimit(1000, Duration.ZERO, BacklogLimit.Action.GIVE_UP),
                new BacklogLimit(500, Duration.ZERO, BacklogLimit.Action.WARN),
                new BacklogLimit(0, Duration.ofSeconds(30), BacklogLimit.Action.ANY))) {
            BacklogWatch watch = new BacklogWatch(
                    folder.resolve("data"), spool, () -> limit, InstantSource.fixed(now.plusSeconds(20)));
            watch.look();
            assertThat(spool.warningFile()).content().startsWith("1 file, 600 bytes of WAL, wait to be archived");
            assertThat(Files.readString(spool.warningFile()).contains("LIMIT IS REACHED"))
                    .isEqualTo(limit.bytes() == 500);
            assertThat(watch.release("000000010000000000000001", false, "gone")).isEmpty();
        }
        assertThat(spool.releasedFile()).doesNotExist();
        BacklogWatch watch =
                new BacklogWatch(folder.resolve("data"), spool, () -> BacklogLimit.NONE, InstantSource.fixed(now));
        watch.look();
        try (Stream<Path> left = Files.list(spool.folder())) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void readsWhatWasLetGoThoughTheLastLineIsBrokenOff(@TempDir Path folder) throws Exception {
        Spool spool = new Spool(folder);
        Instant time = Instant.parse("2026-01-02T03:04:05Z");
        ReleasedWal first = new ReleasedWal(time, "000000010000000000000001", false, "it is\n\tgone");
        first.note(spool);
        new ReleasedWal(time.plusSeconds(1), "000000010000000000000001", false, "gone").note(spool);
        Files.writeString(
                spool.releasedFile(), Files.readString(spool.releasedFile()) + "2026-01-02T03:04:06Z\t0000000100");
        assertThat(first.reason()).isEqualTo("it is gone");
        assertThat(ReleasedWal.in(spool))
                .containsExactly(new ReleasedWal(time.plusSeconds(1), "000000010000000000000001", false, "gone"));
    }
}
