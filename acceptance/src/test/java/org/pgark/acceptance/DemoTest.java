package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgark.testkit.ProgramOutcome;

class DemoTest {
    @Test
    void demoEndsWithItsProof() throws IOException {
        ProgramOutcome demo = ProgramOutcome.of(List.of(ProtectedCluster.program("pgark"), "demo"));

        assertThat(demo.output() + demo.errors())
                .contains("Every row that was committed by then is back, and none that came later.");
        assertThat(demo.exitStatus()).isZero();
    }

    @Test
    void sabotagedDemoEndsWithARefusal() throws IOException {
        ProgramOutcome demo =
                ProgramOutcome.of(List.of(ProtectedCluster.program("pgark"), "demo", "--sabotage", "--pg", "13"));

        assertThat(demo.output() + demo.errors())
                .contains("Proof: pgark saw that this moment cannot be reached any more, refused, and wrote nothing.");
        assertThat(demo.exitStatus()).isEqualTo(4);
    }
}
