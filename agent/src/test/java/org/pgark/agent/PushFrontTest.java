package org.pgark.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgark.agent.Front.SEGMENT;
import static org.pgark.agent.Front.SYSTEM;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.regex.Pattern;
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
import org.pgark.physical.wal.ArchivePlace;
import org.pgark.physical.wal.FileIdentity;
import org.pgark.physical.wal.Verdict;
import org.pgark.postgres.SystemIdentifier;

@Execution(ExecutionMode.CONCURRENT)
@ParameterizedClass
@MethodSource("org.pgark.agent.Front#shells")
class PushFrontTest {
    private static final String PATH = "pg_wal/" + SEGMENT;
    private final String shell;

    @TempDir
    Path folder;

    private Front front;

    PushFrontTest(String shell) {
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

    @Test
    void takesAVerdictOnceAndStartsNothing() throws Exception {
        front.worker("answer \"$spool/push\" failed no ''").leaveVerdict();

        assertThat(front.run("push", PATH)).isEqualTo(new Result(0, ""));
        assertThat(front.spool.verdict(SEGMENT)).doesNotExist();
        assertThat(front.calls()).isEmpty();
        assertThat(front.run("push", PATH)).isEqualTo(new Result(1, "pgark-wal: error: no"));
    }

    @Test
    void letsGoWhatTheWorkerLetsGoAndTellsTheServersLog() throws Exception {
        front.worker("answer \"$spool/push\" released 'too much waits' 'take a backup'");

        assertThat(front.run("push", PATH))
                .isEqualTo(new Result(0, "pgark-wal: warning: too much waits\nHINT: take a backup"));
    }

    @Test
    void tellsTheServersLogOfWhatWaitsWhateverTheOutcome() throws Exception {
        front.worker("answer \"$spool/push\" failed no ''").leaveVerdict();
        front.spool.warn("much waits");

        assertThat(front.run("push", PATH)).isEqualTo(new Result(0, "pgark-wal: warning: much waits"));
        assertThat(front.run("push", PATH))
                .isEqualTo(new Result(1, "pgark-wal: warning: much waits\npgark-wal: error: no"));
    }

    @Test
    void trustsNoSpoolThatOthersCanWriteTo() throws Exception {
        front.worker("answer \"$spool/push\" archived '' ''").leaveVerdict();
        Files.setPosixFilePermissions(front.spool.folder(), PosixFilePermissions.fromString("rwxrwx---"));

        Result result = front.run("push", PATH);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.errors())
                .matches(Pattern.compile("pgark-wal: error: spool folder \".*\" belongs to user \\d+ and has mode 770,"
                        + " but only the owner of the data directory may be able to write to it\n"
                        + "HINT: Remove it, it will be made anew, or set PGARK_SPOOL to another folder\\."));
        assertThat(front.calls()).isEmpty();
    }

    @Test
    void trustsNoSpoolOfSomebodyElse() throws Exception {
        front.worker("answer \"$spool/push\" archived '' ''").leaveVerdict();
        Assumptions.assumeTrue(Files.getAttribute(front.data, "unix:uid").equals(0));
        Files.setAttribute(front.spool.folder(), "unix:uid", 12345);

        Result result = front.run("push", PATH);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.errors()).contains("belongs to user 12345");
    }

    @Test
    void trustsTheSpoolThatRootMadeForTheOwnerOfTheDataDirectory() throws Exception {
        front.leaveVerdict();
        Assumptions.assumeTrue(Files.getAttribute(front.data, "unix:uid").equals(0));
        Files.setAttribute(front.data.resolve("global/pg_control"), "unix:uid", 12345);

        assertThat(front.run("push", PATH)).isEqualTo(new Result(0, ""));
    }

    @Test
    void looksAtASpoolThatCameWhileItWaited() throws Exception {
        front.worker("""
            chmod 777 "$spool"
            answer "$spool/push" archived '' ''
            """);

        Result result = front.run("push", PATH);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.errors()).contains("has mode 777");
    }

    @Test
    void asksAnewWhenTheVerdictIsOnAnotherStateOfTheFile() throws Exception {
        front.worker("answer \"$spool/push\" failed no ''").leaveVerdict();
        Files.setLastModifiedTime(front.segment(), FileTime.from(Instant.parse("2026-11-22T10:42:00.123456789Z")));

        assertThat(front.run("--cluster", "main", "push", PATH)).isEqualTo(new Result(1, "pgark-wal: error: no"));
        assertThat(front.spool.verdict(SEGMENT)).doesNotExist();
    }

    @Test
    void asksAnewWhenTheVerdictIsOnAnotherClusterOrDirectoryOrUnfinished() throws Exception {
        front.worker("answer \"$spool/push\" failed no ''").leaveVerdict();
        String file = FileIdentity.of(front.segment()).toString();
        Path verdict = front.spool.verdict(SEGMENT);
        ArchivePlace place = new ArchivePlace("0f".repeat(16), "", "");

        new Verdict(new SystemIdentifier(1), front.data.toString(), file, place).write(verdict);
        assertThat(front.run("push", PATH)).isEqualTo(new Result(1, "pgark-wal: error: no"));
        new Verdict(SYSTEM, "/elsewhere", file, place).write(verdict);
        assertThat(front.run("push", PATH)).isEqualTo(new Result(1, "pgark-wal: error: no"));
        front.leaveVerdict();
        front.writeSystem(new SystemIdentifier(2));
        assertThat(front.run("push", PATH)).isEqualTo(new Result(1, "pgark-wal: error: no"));
        front.writeSystem(SYSTEM);
        front.leaveVerdict();
        Files.writeString(verdict, Files.readString(verdict).replace("end\n", ""));
        assertThat(front.run("push", PATH)).isEqualTo(new Result(1, "pgark-wal: error: no"));
    }

    @Test
    void asksTheWorkerWhenTheConfigurationIsAnotherThanTheVerdictRestsOn() throws Exception {
        Path configuration = Files.writeString(front.home.resolve("pgark.toml"), "[repository.main]\n");
        Path link = Files.createSymbolicLink(front.home.resolve("link.toml"), configuration);
        String state = FileIdentity.of(configuration).toString();
        front.worker("answer \"$spool/push\" failed no ''");

        front.leaveVerdict(new ArchivePlace("0f".repeat(16), link.toString(), state));
        assertThat(front.run("push", PATH)).isEqualTo(new Result(0, ""));
        front.leaveVerdict(new ArchivePlace("0f".repeat(16), link.toString(), state));
        assertThat(front.run("--config", link.toString(), "push", PATH)).isEqualTo(new Result(0, ""));
        front.leaveVerdict(new ArchivePlace("0f".repeat(16), link.toString(), state));
        assertThat(front.run("--config", configuration.toString(), "push", PATH))
                .isEqualTo(new Result(1, "pgark-wal: error: no"));
        Files.writeString(configuration, "[repository.other]\n");
        assertThat(front.run("push", PATH)).isEqualTo(new Result(1, "pgark-wal: error: no"));
        assertThat(front.spool.verdict(SEGMENT)).exists();
        Files.delete(configuration);
        assertThat(front.run("push", PATH)).isEqualTo(new Result(1, "pgark-wal: error: no"));
    }

    @Test
    void startsAWorkerAndTellsItTheClusterAndTheConfiguration() throws Exception {
        front.worker("answer \"$spool/push\" archived '' ''");

        assertThat(front.run("push", PATH, "--cluster=main", "--config", "own.toml"))
                .isEqualTo(new Result(0, ""));
        assertThat(front.calls())
                .containsExactly("wal worker --config " + front.data.resolve("own.toml") + " --cluster main");
    }

    @Test
    void findsTheSpoolThatTheWorkerMadeForThisDirectory() throws Exception {
        front.worker("answer \"$spool/push\" archived '' ''");

        assertThat(front.run("push", PATH)).isEqualTo(new Result(0, ""));
        assertThat(front.calls()).containsExactly("wal worker");
    }

    @Test
    void tellsWhyAFileWasNotArchivedAndWhatToDo() throws Exception {
        front.worker("answer \"$spool/push\" failed 'segment \"x\" is not' 'Do that.'");

        assertThat(front.run("push", PATH))
                .isEqualTo(new Result(1, "pgark-wal: error: segment \"x\" is not\nHINT: Do that."));
    }

    @Test
    void endsWithOneWhenTheWorkerDoesNotStart() throws Exception {
        front.launcher("#!/bin/sh\necho 'pgark: error: no Java' >&2\nexit 2\n");

        Path output = front.spools.resolve("main/worker.out");
        assertThat(front.run("--cluster", "main", "push", PATH))
                .isEqualTo(new Result(
                        1,
                        "pgark-wal: error: archive worker did not start: \"" + front.home
                                + "/bin/pgark wal worker\" ended with status 2\n"
                                + "worker: pgark: error: no Java\n"
                                + "HINT: See \""
                                + output + "\"."));
        assertThat(output).hasContent("pgark: error: no Java");
        try (var left = Files.list(front.spools.resolve("main"))) {
            assertThat(left.filter(Files::isRegularFile)).containsExactly(output);
        }
    }

    @Test
    void endsWithOneWhenThereIsNoLauncher() throws Exception {
        Result result = front.run("push", PATH);

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.errors()).contains("ended with status 127");
    }

    @Test
    void endsWithOneWhenNobodyAnswersInTime() throws Exception {
        front.worker("sleep 3");
        front.environment.put("PGARK_ARCHIVE_PUSH_TIMEOUT", "1s");

        assertThat(front.run("--cluster", "main", "push", PATH))
                .isEqualTo(new Result(
                        1,
                        "pgark-wal: error: archive worker has not answered for \"" + SEGMENT
                                + "\" in 1 s\nHINT: It may be at work still; see \"" + front.spool.logFile() + "\"."));
    }

    @Test
    void endsWithOneWhenTheSpoolCannotBeMade() throws Exception {
        Files.writeString(front.spools, "in the way");

        assertThat(front.run("--cluster", "main", "push", PATH))
                .isEqualTo(new Result(
                        1,
                        "pgark-wal: error: cannot write to spool folder \"" + front.spool.push() + "\"\n"
                                + "HINT:"
                                + " Check its"
                                + " owner,"
                                + " its mode"
                                + " and the"
                                + " free"
                                + " space, or"
                                + " set PGARK_SPOOL"
                                + " to another"
                                + " folder."));
    }

    @Test
    void startsNoSecondWorkerBesideALivingOne() throws Exception {
        front.worker("answer \"$spool/push\" archived '' ''");
        front.run("--cluster", "main", "push", PATH);
        front.run("--cluster", "main", "push", PATH);

        assertThat(front.calls()).hasSize(1);
    }

    @Test
    void startsAWorkerWhereTheProcessNumberBelongsToAnotherProcess() throws Exception {
        front.worker("answer \"$spool/push\" archived '' ''").leaveSpool();
        front.spool.announce(ProcessHandle.current().pid());

        assertThat(front.run("push", PATH)).isEqualTo(new Result(0, ""));
        assertThat(front.calls()).hasSize(1);
    }

    @Test
    void asksTheNextWorkerWhenOneIsKilledAtWork() throws Exception {
        front.worker("""
            if [ -e "$spool/second" ]; then
                answer "$spool/push" archived '' ''
            fi
            : >"$spool/second"
            while ! rm "$spool"/push/*.want 2>/dev/null; do sleep 0.02; done
            kill -9 $$
            """);

        assertThat(front.run("push", PATH)).isEqualTo(new Result(0, ""));
        assertThat(front.calls()).hasSize(2);
    }

    @Test
    void goesOnWhenTheSpoolIsRemovedUnderIt() throws Exception {
        front.worker("""
            if ! [ -e "$HOME/second" ]; then
                : >"$HOME/second"
                sleep 0.1
                rm -rf "$PGARK_SPOOL"
                exit 0
            fi
            answer "$spool/push" archived '' ''
            """);
        front.environment.put("HOME", front.home.toString());

        assertThat(front.run("push", PATH)).isEqualTo(new Result(0, ""));
    }

    @Test
    void endsWithOneWhenItIsTerminated() throws Exception {
        front.worker("sleep 3");
        Process process = front.start("push", PATH);
        Thread.sleep(300);
        process.destroy();

        assertThat(front.finish(process)).isEqualTo(new Result(1, ""));
    }

    @Test
    void endsWithOneWhenItIsCalledWrongly() throws Exception {
        assertThat(front.run("push"))
                .isEqualTo(new Result(
                        1,
                        "pgark-wal: error: must be called as \"push PATH\" or as \"get NAME PATH\"\n"
                                + "HINT: See \"pgark-wal --help\"."));
        assertThat(front.run("psuh", PATH).status()).isEqualTo(1);
        assertThat(front.run("--clutser=main", "push", PATH).status()).isEqualTo(1);
        assertThat(front.run("push", PATH, "--quick"))
                .isEqualTo(
                        new Result(1, "pgark-wal: error: unknown option \"--quick\"\nHINT: See \"pgark-wal --help\"."));
        assertThat(front.run("--cluster", "../x", "push", PATH).status()).isEqualTo(1);
        assertThat(front.run("--help").status()).isZero();
    }

    @Test
    void letsTheWorkerOutOfTheServersHands() throws Exception {
        front.worker("""
            { readlink /proc/$$/fd/0 /proc/$$/fd/5; cat /proc/self/oom_score_adj; cut -d' ' -f6 /proc/$PPID/stat; echo $PPID
              readlink /proc/$PPID/cwd; umask; } >"$PGARK_SPOOL/seen"
            answer "$spool/push" archived '' ''
            """);
        ProcessBuilder builder = new ProcessBuilder(
                "sh",
                "-c",
                "exec 5</dev/zero; exec \"$0\" --cluster main push \"$1\"",
                front.home + "/bin/pgark-wal",
                PATH);
        builder.environment().putAll(front.environment);
        Process process = builder.directory(front.data.toFile()).start();
        assertThat(process.waitFor()).isZero();

        var seen = Files.readAllLines(front.spools.resolve("seen"));
        assertThat(seen).hasSize(6);
        assertThat(seen.get(0)).isEqualTo("/dev/null");
        assertThat(seen.get(1)).isEqualTo("0");
        assertThat(seen.get(2)).isEqualTo(seen.get(3));
        assertThat(seen.get(4)).isEqualTo("/");
        assertThat(seen.get(5)).endsWith("077");
    }
}
