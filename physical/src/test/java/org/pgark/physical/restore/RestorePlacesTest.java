package org.pgark.physical.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.recovery.RecoveryTarget;

/** Where tablespaces and WAL of a restored cluster lie. */
class RestorePlacesTest extends RestoreScene {
    RestorePlacesTest(RestoreOriginal scene) {
        super(scene);
    }

    @Test
    void refusesTheTablespaceOfTheOriginal() {
        RestoreRequest request = request(RecoveryTarget.LATEST);
        assertThatThrownBy(() -> restore(request.moving(Map.of())))
                .isInstanceOf(RefusedException.class)
                .hasMessage("tablespace directory \"" + tablespace
                        + "\" is not empty and may belong to the original cluster");
        assertThatThrownBy(() -> restore(request.moving(Map.of(Path.of("/nowhere"), home))))
                .hasMessage("backup \"" + second.id() + "\" has no tablespace at \"/nowhere\"");
    }

    @Test
    void refusesATablespaceThatNothingInTheDestinationSaysToBeIts() throws Exception {
        restore(request(RecoveryTarget.LATEST));
        Path moved = home.resolve("moved");
        Map<String, String> before = contents(moved);
        Path control = data().resolve("global/pg_control");
        byte[] ours = Files.readAllBytes(control);
        byte[] others = ours.clone();
        others[0] ^= 1;
        Files.write(control, others);

        assertThatThrownBy(() -> restore(request(RecoveryTarget.LATEST).over(ExistingFiles.REPLACE)))
                .isInstanceOf(RefusedException.class)
                .hasMessage(
                        "tablespace directory \"" + moved + "\" is not empty and may belong to the original cluster")
                .satisfies(refusal -> assertThat(((RefusedException) refusal).hint())
                        .contains(
                                "Give the tablespace another directory with --tablespace OLD=NEW, or, if no cluster uses"
                                        + " \"" + moved.resolve("PG_15_202209061") + "\" any more, remove that."));
        Files.move(data(), home.resolve("data.broken"));
        for (ExistingFiles existing : ExistingFiles.values()) {
            assertThatThrownBy(() -> restore(request(RecoveryTarget.LATEST).over(existing)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("may belong to the original cluster");
        }
        assertThat(contents(moved)).isEqualTo(before);
    }

    @Test
    void doesNotWriteThroughALinkThatItDidNotChoose() throws Exception {
        Files.createDirectories(data());
        Files.createDirectories(home.resolve("live"));
        Files.createSymbolicLink(data().resolve("1"), home.resolve("live"));
        Files.createSymbolicLink(data().resolve("2"), home.resolve("moved"));
        ChosenRoots roots = new ChosenRoots(
                new Destination(data(), Map.of(16384L, home.resolve("moved")), "PG_15_202209061", Map.of()));

        roots.check(data().resolve("base"));
        roots.check(data().resolve("2/PG_15_202209061"));
        assertThatThrownBy(() -> roots.check(data().resolve("1/PG_15_202209061")))
                .isInstanceOf(IOException.class)
                .hasMessage("directory \"" + data().resolve("1/PG_15_202209061") + "\" leads to \""
                        + home.toRealPath().resolve("live/PG_15_202209061")
                        + "\", which is outside of what is being restored");
    }

    @Test
    void saysThatALinkedWalDirectoryBecomesAPlainOneUnlessThereIsALinkAlready() throws Exception {
        String line = "pg_wal is a plain directory in " + data() + ", not a link as in the original, where it led to "
                + walDisk;

        RestorePlan plan = restore(request(RecoveryTarget.LATEST));

        assertThat(plan.neutralised()).contains(line);
        assertThat(plan.describe()).contains(Map.entry("changes", line));
        Path wal = data().resolve("pg_wal");
        assertThat(wal).isDirectory().matches(place -> !Files.isSymbolicLink(place), "is no link");
        Path other = Files.move(wal, home.resolve("other wal disk"));
        Files.createSymbolicLink(wal, other);
        for (ExistingFiles existing : List.of(ExistingFiles.DELTA, ExistingFiles.REPLACE)) {
            assertThat(restore(request(RecoveryTarget.LATEST).over(existing)).neutralised())
                    .doesNotContain(line);
            assertThat(wal).isSymbolicLink();
        }
    }
}
