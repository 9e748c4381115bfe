package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.junit.jupiter.api.Test;
import org.pgark.physical.failure.FailedException;

class UnreadableFileTest {
    @Test
    void namesTheFileAndTheUserThatMayNotReadIt() {
        FailedException failure =
                UnreadableFile.failure("base/5/16384", new AccessDeniedException("/data/base/5/16384"));
        assertThat(failure)
                .hasMessage("cannot read \"base/5/16384\" as user \"" + System.getProperty("user.name")
                        + "\": permission denied");
        assertThat(failure.hint()).contains("Run the backup as the user that owns the data directory.");
    }

    @Test
    void saysWhatTheSystemSaid() {
        assertThat(UnreadableFile.failure("base/5/16384", new IOException("Input/output error")))
                .hasMessage("cannot read \"base/5/16384\": Input/output error");
    }
}
