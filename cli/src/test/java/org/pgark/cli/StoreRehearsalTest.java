package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreRehearsalTest {
    @TempDir
    private Path folder;

    @Test
    void itsServiceAnswersAllThatItAsks() {
        assertThatCode(() -> new StoreRehearsal(folder).run()).doesNotThrowAnyException();
    }
}
