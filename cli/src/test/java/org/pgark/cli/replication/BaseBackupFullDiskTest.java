package org.pgark.cli.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.cli.upstream.ProgramCall;
import org.pgark.testkit.SmallFileSystem;
import org.pgark.testkit.TestCluster;

/** A base backup for which there is no room says where, and leaves nothing. */
class BaseBackupFullDiskTest {
    @ParameterizedTest
    @ValueSource(strings = {"plain", "tar"})
    void namesTheFileAndLeavesNothing(String format) throws Exception {
        String obstacle = SmallFileSystem.obstacle();
        assumeTrue(obstacle.isEmpty(), obstacle);
        try (TestCluster server = TestCluster.of(15).started();
                SmallFileSystem small = SmallFileSystem.mount(6 << 20)) {
            Path target = small.folder().resolve("base");
            BaseBackupProgram program = new BaseBackupProgram((run, repository) -> {
                throw new AssertionError(repository);
            });
            ProgramCall call = ProgramCall.at(server, program, "-D", target, "-F", format, "-X", "none", "-c", "fast");
            assertThat(call.exitCode()).isEqualTo(1);
            assertThat(call.errors())
                    .containsPattern(
                            "error: could not write to file \"" + target + "[^\"]+\": No space left on device");
            assertThat(Files.exists(target)).isFalse();
        }
    }
}
