package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkerStartTest {
    @Test
    void understandsWhatTheFrontSays() {
        assertThat(WorkerStart.of(List.of("wal", "worker")))
                .contains(new WorkerStart(Optional.empty(), Optional.empty()));
        assertThat(WorkerStart.of(List.of("wal", "worker", "--config", "/a b/own.toml", "--cluster", "main")))
                .contains(new WorkerStart(Optional.of(Path.of("/a b/own.toml")), Optional.of("main")));
    }

    @Test
    void leavesEverythingElseToTheParser() {
        for (String words : List.of(
                "",
                "wal",
                "wal push",
                "list",
                "wal worker --help",
                "wal worker --config",
                "wal worker --cluster=main",
                "wal worker --json --config",
                "wal worker --cluster a --cluster b",
                "--config own.toml wal worker")) {
            assertThat(WorkerStart.of(List.of(words.split(" ")))).as(words).isEmpty();
        }
    }
}
