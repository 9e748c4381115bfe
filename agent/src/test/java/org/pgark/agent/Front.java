package org.pgark.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pgark.physical.wal.ArchivePlace;
import org.pgark.physical.wal.FileIdentity;
import org.pgark.physical.wal.Spool;
import org.pgark.physical.wal.SpoolRoot;
import org.pgark.physical.wal.SpoolSettings;
import org.pgark.physical.wal.Verdict;
import org.pgark.postgres.SystemIdentifier;

/** The shell front in a folder of its own, beside a launcher that is a script of the test's. */
final class Front implements AutoCloseable {
    static final SystemIdentifier SYSTEM = new SystemIdentifier(7_412_345_678_901_234_567L);
    static final String SEGMENT = "000000010000000000000003";

    final Path home;
    final Path data;
    final Path spools;
    final Spool spool;
    final Map<String, String> environment = new TreeMap<>();
    private final String shell;

    Front(Path folder, String shell) throws IOException {
        this.shell = shell;
        home = Files.createDirectories(folder.toRealPath().resolve("home"));
        data = Files.createDirectories(folder.toRealPath().resolve("data"));
        spools = folder.toRealPath().resolve("spools");
        spool = new SpoolRoot(spools).spool("main");
        Files.createDirectories(data.resolve("pg_wal"));
        Files.createDirectories(data.resolve("global"));
        Files.createDirectories(home.resolve("bin"));
        Files.copy(Path.of("../dist/src/main/sh/pgark-wal"), home.resolve("bin/pgark-wal"));
        writeSystem(SYSTEM);
        Files.writeString(data.resolve("pg_wal").resolve(SEGMENT), "a segment");
        environment.put("PGARK_SPOOL", spools.toString());
    }

    /** The shells of this machine that the front must work in, each once. */
    static Stream<String> shells() throws IOException {
        Map<Path, String> shells = new LinkedHashMap<>();
        for (String shell : List.of("dash", "busybox", "sh")) {
            Path program = Path.of("/bin", shell);
            if (Files.isExecutable(program)) {
                shells.putIfAbsent(program.toRealPath(), shell);
            }
        }
        return shells.values().stream();
    }

    void writeSystem(SystemIdentifier system) throws IOException {
        byte[] control = new byte[8192];
        ByteBuffer.wrap(control).order(ByteOrder.nativeOrder()).putLong(system.value());
        Files.write(data.resolve("global/pg_control"), control);
    }

    /** Writes a pg_control that tells of these timelines. */
    void writeTimelines(int checkpoint, int leastRecoveryPoint) throws IOException {
        byte[] control = Files.readAllBytes(data.resolve("global/pg_control"));
        ByteBuffer.wrap(control)
                .order(ByteOrder.nativeOrder())
                .putInt(48, checkpoint)
                .putInt(144, leastRecoveryPoint);
        Files.write(data.resolve("global/pg_control"), control);
    }

    /** Writes a postmaster.pid that tells of this status. */
    void writeStatus(String status) throws IOException {
        Files.writeString(
                data.resolve("postmaster.pid"),
                "123\n" + data + "\n1795257600\n5432\n/tmp\nlocalhost\n  5432001    42\n" + status + "\n");
    }

    /** Makes a launcher that is this script. */
    Front launcher(String script) throws IOException {
        Path launcher = home.resolve("bin/pgark");
        Files.writeString(launcher, script);
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        return this;
    }

    /** Makes a launcher that announces itself as a worker, can answer all requests in a folder, and then does this. */
    Front worker(String script) throws IOException {
        return launcher("""
            #!/bin/sh
            echo "$*" >>"%s"
            spool=$PGARK_SPOOL/main
            mkdir -p "$spool/push" "$spool/get/%s"
            mkdir -p "$PGARK_SPOOL/by-directory$PWD"
            ln -sfn "$spool" "$PGARK_SPOOL/by-directory$PWD/.spool"
            echo $$ >"$spool/worker.pid"
            answer() {
                turns=0
                while [ "$turns" -lt 100 ]; do
                    for want in "$1"/*.want; do
                        [ -e "$want" ] || continue
                        rm -f "$want"
                        printf 'pgark answer 1\\n%%s\\n%%s\\n%%s\\nend\\n' "$2" "$3" "$4" >"${want%%.want}.new"
                        mv "${want%%.want}.new" "${want%%.want}.answer"
                        [ -n "${5-}" ] && return
                    done
                    turns=$((turns + 1))
                    sleep 0.02
                done
            }
            """.formatted(home.resolve("calls"), SYSTEM).concat(script));
    }

    /** How the launcher was called. */
    List<String> calls() throws IOException {
        return Files.exists(home.resolve("calls")) ? Files.readAllLines(home.resolve("calls")) : List.of();
    }

    Path segment() {
        return data.resolve("pg_wal").resolve(SEGMENT);
    }

    Path target() {
        return data.resolve("pg_wal/RECOVERYXLOG");
    }

    /** Where fetched files lie. */
    Path fetched() {
        return spool.get(SYSTEM);
    }

    /** Leaves what a worker leaves that was here since the machine was started. */
    void leaveSpool() throws IOException {
        Files.createDirectories(spool.push());
        Files.createDirectories(fetched());
        spool.leave(SpoolSettings.of(
                java.time.Duration.ofSeconds(60), java.time.Duration.ofSeconds(60), java.time.Duration.ofSeconds(900)));
        new SpoolRoot(spools).link(data, spool);
    }

    void leaveVerdict() throws IOException {
        leaveSpool();
        leaveVerdict(new ArchivePlace("0f".repeat(16), "", ""));
    }

    void leaveVerdict(ArchivePlace place) throws IOException {
        leaveSpool();
        new Verdict(SYSTEM, data.toString(), FileIdentity.of(segment()).toString(), place)
                .write(spool.verdict(SEGMENT));
    }

    Result run(String... arguments) throws IOException, InterruptedException {
        return finish(start(arguments));
    }

    Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(shell.equals("busybox") ? List.of("busybox", "sh") : List.of(shell));
        command.add(home.resolve("bin/pgark-wal").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(data.toFile());
        builder.redirectError(home.resolve("stderr").toFile());
        builder.redirectOutput(home.resolve("stdout").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    Result finish(Process process) throws IOException, InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the front still runs after 30 s");
        }
        return new Result(
                process.exitValue(),
                Files.readString(home.resolve("stderr"), StandardCharsets.UTF_8).strip());
    }

    /** Ends the fake workers, which would write to a folder that is about to be removed. */
    @Override
    public void close() {
        Leftovers.end(home);
    }

    /** What became of a call. */
    record Result(int status, String errors) {
        /**
         * That a fault was told and then this, with this status; on a busy machine the worker of a test may not get to
         * tell of the fault in the few seconds that there are.
         */
        void isAfterAFault(String fault, int expectedStatus, String end) {
            assertThat(errors)
                    .matches(Pattern.compile("pgark-wal: error: (" + Pattern.quote(fault)
                            + "|archive worker has not answered .*\nHINT: .*)\n(.*\n)*" + Pattern.quote(end)));
            assertThat(status).isEqualTo(expectedStatus);
        }
    }
}
