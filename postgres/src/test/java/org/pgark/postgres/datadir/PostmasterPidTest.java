package org.pgark.postgres.datadir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.postgres.DamagedFileException;

class PostmasterPidTest {
    @TempDir
    Path dataDirectory;

    @Test
    void readsWhatAServerWrites() throws Exception {
        assertThat(PostmasterPid.parse("16547\n/srv/pg\n1795357200\n5433\n/run/pg\n*\n  2172664        50\nready   \n"))
                .isEqualTo(new PostmasterPid(
                        16547,
                        "/srv/pg",
                        Instant.ofEpochSecond(1_795_357_200),
                        5433,
                        "/run/pg",
                        "*",
                        "2172664        50",
                        "ready"));
    }

    @Test
    void readsWhatAServerHasWrittenSoFar() throws Exception {
        assertThat(PostmasterPid.parse("16547\n/srv/pg\n1795357200\n5433\n\n"))
                .isEqualTo(new PostmasterPid(
                        16547, "/srv/pg", Instant.ofEpochSecond(1_795_357_200), 5433, "", "", "", ""));
        assertThat(PostmasterPid.parse("-16547\n/srv/pg\n").pid()).isEqualTo(16547);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "postgres\n", "1\n/srv/pg\nyesterday\n"})
    void refusesOtherFiles(String text) {
        assertThatThrownBy(() -> PostmasterPid.parse(text))
                .isInstanceOf(DamagedFileException.class)
                .hasMessage("damaged file \"postmaster.pid\": it does not begin as a server writes it");
    }

    @Test
    void findsTheFileOfADataDirectory() throws Exception {
        assertThat(PostmasterPid.read(dataDirectory)).isEmpty();
        Files.writeString(dataDirectory.resolve("postmaster.pid"), "77\n/srv/pg\n");
        assertThat(PostmasterPid.read(dataDirectory).map(PostmasterPid::pid)).contains(77L);
    }

    private static boolean isRunning(long pid, Path directory) {
        return new PostmasterPid(pid, "", Instant.EPOCH, 0, "", "", "", "").isRunning(directory);
    }

    /** A process that is called like a server. */
    private Process server(Path workingDirectory) throws IOException {
        Path sleep = Path.of("/bin/sleep");
        assumeThat(sleep).exists();
        Path program = dataDirectory.resolve("postgres");
        Files.copy(sleep.toRealPath(), program);
        return new ProcessBuilder(program.toString(), "60")
                .directory(workingDirectory.toFile())
                .start();
    }

    @Test
    void knowsAServerByItsWorkingDirectory(@TempDir Path elsewhere) throws Exception {
        Process server = server(dataDirectory);
        try {
            assertThat(isRunning(server.pid(), dataDirectory)).isTrue();
            assertThat(isRunning(server.pid(), elsewhere)).isFalse();
            Path link = Files.createSymbolicLink(elsewhere.resolve("link"), dataDirectory);
            assertThat(isRunning(server.pid(), link)).isTrue();
        } finally {
            server.destroyForcibly().waitFor();
        }
        assertThat(isRunning(server.pid(), dataDirectory)).isFalse();
    }

    @Test
    void neverTakesItselfForTheServer() {
        assertThat(isRunning(ProcessHandle.current().pid(), Path.of("").toAbsolutePath()))
                .isFalse();
    }

    @Test
    void neverTakesItsParentForTheServer() {
        long parent = ProcessHandle.current().parent().orElseThrow().pid();
        assertThat(isRunning(parent, Path.of("").toAbsolutePath())).isFalse();
    }
}
