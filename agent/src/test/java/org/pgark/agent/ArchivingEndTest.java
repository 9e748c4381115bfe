package org.pgark.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.FileTree;
import org.pgark.embedded.StopMode;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.control.ControlFile;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

class ArchivingEndTest {
    private Archive archive;
    private TestCluster server;

    @BeforeEach
    void start() throws Exception {
        archive = new Archive();
        server = TestCluster.of(15)
                .walSegmentMegabytes(1)
                .with("logging_collector", "on")
                .archiveCommand(archive.archiveCommand())
                .created();
        archive.register(server.dataDirectory());
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        archive.close();
    }

    @Test
    void archivesEachSegmentOnceAndStaysOutOfTheWayWhenTheServerStops() throws Exception {
        for (int count = 0; count < 5; count++) {
            server.switchWal();
        }
        String segment = server.switchWal();
        Waiting.until("it is archived", () -> archive.contains(segment));
        ProcessHandle worker = archive.worker().orElseThrow();
        Path process = Path.of("/proc", Long.toString(worker.pid()));
        assertThat(Files.readString(process.resolve("oom_score_adj")).strip()).isEqualTo("0");
        assertThat(Files.readSymbolicLink(process.resolve("cwd"))).isEqualTo(Path.of("/"));
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            assertThat(descriptors).noneMatch(descriptor -> {
                try {
                    return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
                } catch (IOException e) {
                    return false;
                }
            });
        }
        Waiting.until(
                "the server knows it",
                () -> server.query("select last_archived_wal from pg_stat_archiver")
                        .equals(segment));
        assertThat(archive.log()).doesNotContain("was archived already", "WARN");
        List<ProcessHandle> processes =
                server.cluster().postmaster().descendants().toList();

        long begun = System.nanoTime();
        server.stop(StopMode.FAST);
        assertThat((System.nanoTime() - begun) / 1e9).isLessThan(5);
        Waiting.until(
                "the log collector has ended too",
                Duration.ofSeconds(5),
                () -> processes.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(worker.isAlive()).isTrue();

        begun = System.nanoTime();
        worker.destroy();
        worker.onExit().join();
        assertThat((System.nanoTime() - begun) / 1e9).isLessThan(2);
        assertThat(archive.spool.pidFile()).doesNotExist();
    }

    @Test
    void archivesNothingOfAClusterThatWasInitialisedAnewBeforeItIsRegistered() throws Exception {
        String segment = server.switchWal();
        Waiting.until("it is archived", () -> archive.contains(segment));
        Path data = server.dataDirectory();
        SystemIdentifier old = ControlFile.read(data).systemIdentifier();
        server.stop(StopMode.FAST);
        try (TestCluster anew = TestCluster.of(15)
                .walSegmentMegabytes(1)
                .archiveCommand(archive.archiveCommand())
                .created()) {
            FileTree.delete(data);
            Files.move(anew.dataDirectory(), data);
        }
        SystemIdentifier fresh = ControlFile.read(data).systemIdentifier();
        server.start();

        String again = server.switchWal();
        assertThat(again).isEqualTo(segment);
        Waiting.until(
                "the server is told",
                () -> server.cluster()
                        .logTail(50)
                        .contains("pgark-wal: error: this data directory has system identifier " + fresh
                                + ", but cluster \"main\" is registered with " + old));
        archive.register(data);
        Waiting.until(
                "it is archived",
                Duration.ofSeconds(90),
                () -> archive.segments().contains(again));
    }
}
