package org.pgark.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgark.agent.Front.SEGMENT;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.pgark.agent.Front.Result;
import org.pgark.postgres.SystemIdentifier;

@Execution(ExecutionMode.CONCURRENT)
@ParameterizedClass
@MethodSource("org.pgark.agent.Front#shells")
class GetFrontTest {
    private static final String TARGET = "pg_wal/RECOVERYXLOG";
    private static final String FETCH = """
            printf content >"$spool/get/%1$s/%2$s"
            answer "$spool/get/%1$s" present '' ''
            """;
    private static final String STOPS = "pgark-wal: error: \"%s\" could not be fetched in 2 s\n"
            + "HINT: Recovery stops here so that it does not end early; start the server again when the repository can be reached.";
    private final String shell;

    @TempDir
    Path folder;

    private Front front;

    GetFrontTest(String shell) {
        this.shell = shell;
    }

    @BeforeEach
    void prepare() throws IOException {
        front = new Front(folder, shell);
    }

    @AfterEach
    void endWorkers() {
        front.close();
    }

    private String answers(String status, String message) {
        return "answer \"$spool/get/" + Front.SYSTEM + "\" " + status + " '" + message + "' ''";
    }

    @Test
    void takesAFetchedFileAndStartsNothing() throws Exception {
        front.worker(answers("absent", "")).leaveSpool();
        Files.writeString(front.fetched().resolve(SEGMENT), "content");
        Files.writeString(front.target(), "what was there");

        assertThat(front.run("get", SEGMENT, TARGET)).isEqualTo(new Result(0, ""));
        assertThat(front.target()).hasContent("content");
        assertThat(front.fetched().resolve(SEGMENT)).doesNotExist();
        assertThat(front.calls()).isEmpty();
    }

    @Test
    void takesAFetchedFileAcrossFileSystems() throws Exception {
        Path memory = Path.of("/dev/shm");
        Assumptions.assumeTrue(
                Files.isWritable(memory) && !Files.getFileStore(memory).equals(Files.getFileStore(front.data)));
        front.leaveSpool();
        Files.writeString(front.fetched().resolve(SEGMENT), "content");
        Path target = Files.createTempDirectory(memory, "pgark").resolve("RECOVERYXLOG");

        assertThat(front.run("get", SEGMENT, target.toString())).isEqualTo(new Result(0, ""));
        assertThat(target).hasContent("content");
        assertThat(front.fetched().resolve(SEGMENT)).doesNotExist();
        try (var left = Files.list(target.getParent())) {
            assertThat(left).containsExactly(target);
        }
        Files.delete(target);
        Files.delete(target.getParent());
    }

    @Test
    void leavesAFileThatWasFetchedBeforeTheMachineWasStarted() throws Exception {
        front.worker(answers("absent", "")).leaveSpool();
        Files.writeString(front.fetched().resolve(SEGMENT), "content");
        Path settings = front.spool.folder().resolve("settings");
        Files.writeString(settings, Files.readString(settings).replaceAll("boot .*", "boot another"));

        assertThat(front.run("get", SEGMENT, TARGET)).isEqualTo(new Result(1, ""));
        assertThat(front.target()).doesNotExist();
    }

    @Test
    void startsAWorkerThatFetches() throws Exception {
        front.worker(FETCH.formatted(Front.SYSTEM, SEGMENT));

        assertThat(front.run("--cluster", "main", "get", SEGMENT, TARGET)).isEqualTo(new Result(0, ""));
        assertThat(front.target()).hasContent("content");
    }

    @Test
    void takesWhatThereIsOfAGrowingSegmentThatLiesThereForItOnly() throws Exception {
        front.worker("""
                set -- none
                while [ ! -e "$1" ]; do
                    sleep 0.02
                    set -- "$spool/get/%1$s"/*.want
                done
                printf part >"${1%%.want}.running"
                printf another >"$spool/get/%1$s/%2$s.other.running"
                answer "$spool/get/%1$s" running '' ''
                """.formatted(Front.SYSTEM, SEGMENT));

        assertThat(front.run("--cluster", "main", "get", SEGMENT, TARGET)).isEqualTo(new Result(0, ""));
        assertThat(front.target()).hasContent("part");
        try (var left = Files.list(front.fetched())) {
            assertThat(left.map(Path::getFileName).map(Path::toString)).containsExactly(SEGMENT + ".other.running");
        }
    }

    @Test
    void endsWithOneAndQuietlyWhenAbsenceIsProven() throws Exception {
        front.worker(answers("absent", ""));

        assertThat(front.run("get", "00000002.history", TARGET)).isEqualTo(new Result(1, ""));
    }

    @Test
    void retriesAFaultAndThenStopsRecovery() throws Exception {
        front.worker(answers("failed", "the store is away"));
        front.environment.put("PGARK_ARCHIVE_GET_TIMEOUT", "2");

        front.run("get", SEGMENT, TARGET).isAfterAFault("the store is away", 126, STOPS.formatted(SEGMENT));
    }

    @Test
    void fetchesWhenAnOutageEndsInTime() throws Exception {
        front.worker("answer \"$spool/get/" + Front.SYSTEM + "\" failed away '' once\n"
                + FETCH.formatted(Front.SYSTEM, SEGMENT));

        assertThat(front.run("get", SEGMENT, TARGET)).isEqualTo(new Result(0, "pgark-wal: error: away"));
        assertThat(front.target()).hasContent("content");
    }

    @Test
    void letsAStandbyGoOnWithoutASegment() throws Exception {
        front.worker(answers("failed", "away"));
        front.environment.put("PGARK_ARCHIVE_GET_TIMEOUT", "2");
        Files.createFile(front.data.resolve("standby.signal"));

        front.run("get", SEGMENT, TARGET)
                .isAfterAFault(
                        "away",
                        1,
                        "pgark-wal: error: \"" + SEGMENT
                                + "\" could not be fetched in 2 s, the standby may go on without it");
    }

    @Test
    void letsARunningStandbyGoOnWithoutTheHistoryOfANewerTimeline() throws Exception {
        front.writeStatus("ready   ");
        front.worker(answers("failed", "away"));
        front.environment.put("PGARK_ARCHIVE_GET_TIMEOUT", "2");
        front.writeTimelines(9, 10);
        Files.createFile(front.data.resolve("standby.signal"));

        front.run("get", "0000000B.history", TARGET)
                .isAfterAFault(
                        "away",
                        1,
                        "pgark-wal: error: \"0000000B.history\" could not be fetched in 2 s, the standby may go on without"
                                + " it\nHINT: If it is being promoted, its new timeline may have a number that is taken;"
                                + " its archiver is refused then.");
    }

    @Test
    void neverTellsAStandbyThatStartsThatANewerTimelineIsAbsent() throws Exception {
        front.writeStatus("starting");
        front.worker(answers("failed", "away"));
        front.environment.put("PGARK_ARCHIVE_HISTORY_TIMEOUT", "2");
        front.writeTimelines(9, 10);
        Files.createFile(front.data.resolve("standby.signal"));

        front.run("get", "0000000B.history", TARGET).isAfterAFault("away", 126, STOPS.formatted("0000000B.history"));
    }

    @Test
    void leavesTheHistoryThatTheServerHasToItWhenThereIsAFault() throws Exception {
        front.worker(answers("failed", "away"));
        Files.createFile(front.data.resolve("recovery.signal"));
        Files.writeString(front.data.resolve("pg_wal/0000000A.history"), "9\t0/1\t\n");

        assertThat(front.run("get", "0000000A.history", TARGET))
                .isEqualTo(
                        new Result(
                                1,
                                "pgark-wal: error: away\n"
                                        + "pgark-wal: error: \"0000000A.history\" could not be fetched, the server has its own copy of it"));
    }

    @Test
    void leavesAPromotedServerTheHistoryThatItHasAndStartsNothing() throws Exception {
        front.worker(answers("failed", "away"));
        Files.writeString(front.data.resolve("pg_wal/0000000A.history"), "9\t0/1\t\n");

        assertThat(front.run("get", "0000000A.history", TARGET)).isEqualTo(new Result(1, ""));
        assertThat(front.calls()).isEmpty();
    }

    @Test
    void trustsNoSpoolThatOthersCanWriteTo() throws Exception {
        front.leaveSpool();
        Files.writeString(front.fetched().resolve(SEGMENT), "content");
        Files.setPosixFilePermissions(front.spool.folder(), PosixFilePermissions.fromString("rwx----w-"));

        Result result = front.run("get", SEGMENT, TARGET);
        assertThat(result.status()).isEqualTo(126);
        assertThat(result.errors()).contains("has mode 702, but only the owner of the data directory");
        assertThat(front.target()).doesNotExist();
    }

    @Test
    void takesNothingThatWasFetchedForAnotherCluster() throws Exception {
        front.leaveSpool();
        Files.writeString(front.fetched().resolve(SEGMENT), "content");
        assertThat(front.run("get", SEGMENT, TARGET)).isEqualTo(new Result(0, ""));
        Files.writeString(front.fetched().resolve(SEGMENT), "content");
        front.writeSystem(new SystemIdentifier(2));
        front.worker("mkdir -p \"$spool/get/2\"\nanswer \"$spool/get/2\" absent '' ''");

        assertThat(front.run("get", SEGMENT, TARGET)).isEqualTo(new Result(1, ""));
    }

    @Test
    void neverTellsAStandbyThatTheHistoryOfItsOwnTimelineIsAbsent() throws Exception {
        front.worker(answers("failed", "away"));
        front.environment.put("PGARK_ARCHIVE_HISTORY_TIMEOUT", "2");
        front.writeTimelines(9, 10);
        Files.createFile(front.data.resolve("standby.signal"));

        front.run("get", "0000000A.history", TARGET).isAfterAFault("away", 126, STOPS.formatted("0000000A.history"));
    }

    @Test
    void stopsRecoveryWhenTheWorkerDoesNotStart() throws Exception {
        front.launcher("#!/bin/sh\nexit 2\n");
        front.environment.put("PGARK_ARCHIVE_GET_TIMEOUT", "2");

        Result result = front.run("get", SEGMENT, TARGET);
        assertThat(result.status()).isEqualTo(126);
        assertThat(result.errors()).contains("archive worker did not start", "ended with status 2");
    }

    @Test
    void stopsRecoveryWhenItIsTerminated() throws Exception {
        front.worker("sleep 3");
        Process process = front.start("get", SEGMENT, TARGET);
        Thread.sleep(300);
        process.destroy();

        assertThat(front.finish(process)).isEqualTo(new Result(126, ""));
    }

    @Test
    void stopsRecoveryWhenItIsCalledWrongly() throws Exception {
        assertThat(front.run("get", SEGMENT).status()).isEqualTo(126);
        assertThat(front.run("gte", SEGMENT, TARGET).status()).isEqualTo(126);
        assertThat(front.run("get", SEGMENT, TARGET, "--cluster").status()).isEqualTo(126);
        assertThat(front.run("get", "../x", TARGET))
                .isEqualTo(new Result(126, "pgark-wal: error: invalid WAL file name \"../x\""));
    }

    @Test
    void worksWhereSystemIdentifiersCannotBeRead() throws Exception {
        Files.delete(front.data.resolve("global/pg_control"));
        front.worker("mkdir -p \"$spool/get/unknown\"\nanswer \"$spool/get/unknown\" absent '' ''");

        assertThat(front.run("get", SEGMENT, TARGET)).isEqualTo(new Result(1, ""));
    }
}
