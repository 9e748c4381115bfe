package org.pgark.physical.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.pgark.physical.recovery.RecoveryTarget;

class RestoreRequestTest {
    private final RestoreRequest request = RestoreRequest.of("main", Path.of("/data"), "get %f %p");

    @Test
    void aChoiceLeavesTheRequestThatItWasMadeFromAsItWas() {
        RestoreRequest other =
                request.until(RecoveryTarget.IMMEDIATE).from("2026").withJobs(7);
        assertThat(request.target()).isEqualTo(RecoveryTarget.LATEST);
        assertThat(request.backup()).isEmpty();
        assertThat(other.target()).isEqualTo(RecoveryTarget.IMMEDIATE);
        assertThat(other.backup()).contains("2026");
        assertThat(other.jobs()).isEqualTo(7);
        assertThat(other.cluster()).isEqualTo("main");
        assertThat(other.to()).isEqualTo(Path.of("/data"));
    }

    @Test
    void refusesWhatNoRestoreCanDo() {
        assertThatThrownBy(() -> request.withJobs(0)).hasMessage("invalid number of jobs 0, must be 1 or more");
        assertThatThrownBy(() -> request.into(Path.of("data")))
                .hasMessage("invalid directory \"data\", must be absolute");
    }
}
