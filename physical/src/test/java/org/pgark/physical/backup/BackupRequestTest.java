package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BackupRequestTest {
    private final BackupRequest request = BackupRequest.of(Path.of("/data"), "0.1.0");

    @Test
    void aChoiceLeavesTheRequestThatItWasMadeFromAsItWas() {
        BackupRequest other = request.withNote("before the upgrade").withLabels(Map.of("for", "audit"));
        assertThat(request.note()).isEmpty();
        assertThat(request.labels()).isEmpty();
        assertThat(other.note()).isEqualTo("before the upgrade");
        assertThat(other.labels()).containsExactly(Map.entry("for", "audit"));
        assertThat(other.dataDirectory()).isEqualTo(Path.of("/data"));
    }

    @Test
    void refusesWhatNoBackupCanDo() {
        assertThatThrownBy(() -> request.withJobs(0)).hasMessage("invalid number of jobs 0, must be 1 or more");
        assertThatThrownBy(() -> request.withArchiveTimeout(Duration.ofSeconds(-1)))
                .hasMessage("invalid archive timeout PT-1S");
    }
}
