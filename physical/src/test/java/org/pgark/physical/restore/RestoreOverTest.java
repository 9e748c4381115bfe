package org.pgark.physical.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.BusyException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.recovery.RecoveryTarget;
import org.pgark.testkit.FileFault;

/** What becomes of files that are in the destination already. */
class RestoreOverTest extends RestoreScene {
    RestoreOverTest(RestoreOriginal scene) {
        super(scene);
    }

    @Test
    void deltaWritesOnlyWhatDiffersAndRemovesWhatDoesNotBelong() throws Exception {
        restore(request(RecoveryTarget.LATEST));
        Map<String, String> before = contents(data());
        Path large = largestFile(data().resolve("base"));
        FileFault.flipBit(large, 8192 * 3 + 17);
        FileFault.truncate(data().resolve("PG_VERSION"), 1);
        Files.writeString(data().resolve("base/leftover"), "x");
        Files.createDirectories(data().resolve("base/99/deep"));
        Files.writeString(data().resolve("base/99/deep/file"), "x");
        Files.delete(data().resolve("pg_hba.conf"));
        Files.writeString(data().resolve("global/pg_filenode.map"), "longer than it should be ".repeat(100));

        RestorePlan plan = Restore.plan(
                original.repository(), request(RecoveryTarget.LATEST).over(ExistingFiles.DELTA));
        assertThat(plan.overwritten())
                .containsExactlyInAnyOrder(
                        "what differs in " + data(), "what differs in " + home.resolve("moved/PG_15_202209061"));
        RestoreOutcome outcome = new Restore(ProgressListener.SILENT).run(plan);

        assertThat(contents(data())).isEqualTo(before);
        assertThat(outcome.writtenBytes()).isLessThan(50_000);
        assertThat(outcome.keptBytes()).isGreaterThan(20_000_000);
        assertThat(outcome.removed()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void deltaDoesNotWriteThroughASecondNameOfAFile() throws Exception {
        restore(request(RecoveryTarget.LATEST));
        Path file = data().resolve("pg_hba.conf");
        Path other = home.resolve("other name");
        Files.createLink(other, file);
        Files.writeString(file, "changed");

        restore(request(RecoveryTarget.LATEST).over(ExistingFiles.DELTA));

        assertThat(Files.readString(other)).isEqualTo("changed");
        assertThat(Files.readString(file)).isNotEqualTo("changed");
    }

    @Test
    void forceRemovesWhatWasThere() throws Exception {
        restore(request(RecoveryTarget.LATEST));
        Map<String, String> before = contents(data());
        Files.writeString(data().resolve("base/leftover"), "x");

        restore(request(RecoveryTarget.LATEST).over(ExistingFiles.REPLACE));

        assertThat(contents(data())).isEqualTo(before);
    }

    @Test
    void refusesADirectoryThatIsNotEmpty() throws Exception {
        Files.createDirectories(data());
        Files.writeString(data().resolve("letter"), "dear");

        assertThatThrownBy(() -> restore(request(RecoveryTarget.LATEST)))
                .isInstanceOf(RefusedException.class)
                .hasMessage("directory \"" + data() + "\" is not empty");
        assertThatThrownBy(() -> restore(request(RecoveryTarget.LATEST).over(ExistingFiles.REPLACE)))
                .hasMessage("directory \"" + data() + "\" is not empty and is no data directory of PostgreSQL");
        assertThat(data().resolve("letter")).exists();
    }

    @Test
    void refusesADirectoryWithARunningServerWhateverIsAsked() throws Exception {
        for (ExistingFiles existing : ExistingFiles.values()) {
            assertThatThrownBy(() -> restore(request(RecoveryTarget.LATEST)
                            .into(original.cluster().dataDirectory())
                            .over(existing)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageMatching("a server \\(process [0-9]+\\) is running in \".*\"");
        }
    }

    @Test
    void refusesADirectoryThatAnotherRestoreIsWritingTo() throws Exception {
        restore(request(RecoveryTarget.LATEST));

        try (RestoreMarker other = RestoreMarker.put(data(), "")) {
            assertThatThrownBy(() -> restore(request(RecoveryTarget.LATEST).over(ExistingFiles.DELTA)))
                    .isInstanceOf(BusyException.class)
                    .hasMessage("another restore is writing to \"" + data() + "\"");
            assertThat(data().resolve("global/pg_control")).exists();
            other.remove();
        }
    }

    private static Path largestFile(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }
}
