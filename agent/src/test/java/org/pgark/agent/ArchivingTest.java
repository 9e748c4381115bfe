package org.pgark.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.FileTree;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

class ArchivingTest {
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
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        archive.close();
    }

    @Test
    void archivesWhatTheServerArchives() throws Exception {
        List<String> switched = new ArrayList<>();
        for (int count = 0; count < 5; count++) {
            switched.add(server.switchWal());
        }
        Waiting.until("all segments are archived", () -> archive.segments().containsAll(switched));

        Waiting.until(
                "the server knows it",
                () -> server.query("select last_archived_wal from pg_stat_archiver")
                        .equals(switched.getLast()));
        assertThat(archive.log())
                .containsPattern("INFO  archived " + switched.getLast() + " in \\d+\\.\\d{3} s, 1048576 bytes");
    }

    @Test
    void archivesEverythingHoweverOftenTheWorkerIsKilled() throws Exception {
        Random random = new Random(20261122);
        String first = server.switchWal();
        String last = first;
        for (int round = 0; round < 6; round++) {
            for (int count = 0; count < 3; count++) {
                last = server.switchWal();
            }
            Thread.sleep(random.nextInt(600));
            archive.worker().ifPresent(ProcessHandle::destroyForcibly);
        }
        List<String> switched = between(first, last);
        Waiting.until(
                "all segments are archived",
                Duration.ofSeconds(90),
                () -> archive.segments().containsAll(switched));

        assertThat(archive.segments()).doesNotHaveDuplicates();
    }

    private static List<String> between(String first, String last) {
        List<String> all = new ArrayList<>();
        WalSegmentSize size = new WalSegmentSize(1 << 20);
        WalSegmentName segment = WalSegmentName.parse(first);
        while (segment.compareTo(WalSegmentName.parse(last)) <= 0) {
            all.add(segment.toString());
            segment = segment.next(size);
        }
        return all;
    }

    @Test
    void goesOnWhenTheSpoolIsRemoved() throws Exception {
        String first = server.switchWal();
        Waiting.until("it is archived", () -> archive.contains(first));
        ProcessHandle worker = archive.worker().orElseThrow();

        Path removed = archive.home.resolve("removed");
        Files.move(archive.home.resolve("spools"), removed);
        Waiting.until("what was moved away is deleted", () -> isDeleted(removed));
        String second = server.switchWal();
        Waiting.until("it is archived", () -> archive.contains(second));
        Waiting.until(
                "the server knows it",
                () -> server.query("select last_archived_wal from pg_stat_archiver")
                        .equals(second));
        Waiting.until("one worker is left", () -> archive.worker().isPresent());
        assertThat(worker.isAlive() && archive.worker().orElseThrow().pid() != worker.pid())
                .isFalse();
    }

    /** Deletes a folder that somebody may still have been writing to. */
    private static boolean isDeleted(Path folder) throws IOException {
        try {
            FileTree.delete(folder);
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        }
    }
}
