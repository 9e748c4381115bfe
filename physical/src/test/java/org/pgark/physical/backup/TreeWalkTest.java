package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.PostgresMajor;

class TreeWalkTest {
    @TempDir
    private Path folder;

    private Path data;

    @BeforeEach
    void makeDataDirectory() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
    }

    private void file(String path, int size) throws IOException {
        Path place = data.resolve(path);
        Files.createDirectories(place.getParent());
        Files.write(place, new byte[size]);
    }

    private SourceTree walk() throws Exception {
        return TreeWalk.of(data, PostgresMajor.V15, ProgressListener.SILENT);
    }

    private static List<String> paths(SourceTree tree) {
        List<String> paths = new ArrayList<>();
        for (int index = 0; index < tree.count(); index++) {
            paths.add(tree.get(index).path());
        }
        return paths;
    }

    @Test
    void listsInTheOrderOfPathsWithWhatTheServerLeavesOutLeftOut() throws Exception {
        file("PG_VERSION", 3);
        file("base/5/1249", 8192);
        file("base/5/1249_fsm", 8192);
        file("base/5/16400", 8192);
        file("base/5/16400_init", 0);
        file("base/5/t3_16450", 8192);
        file("base/5/pg_internal.init", 100);
        file("base/5-x", 1);
        file("base/50/1249", 0);
        file("global/pg_control", 8192);
        file("pg_wal/000000010000000000000001", 100);
        file("pg_wal/archive_status/000000010000000000000001.done", 0);
        file("pg_replslot/s/state", 10);
        file("postmaster.pid", 10);

        SourceTree tree = walk();

        assertThat(paths(tree))
                .containsExactly(
                        "PG_VERSION",
                        "base",
                        "base/5",
                        "base/5-x",
                        "base/5/1249",
                        "base/5/1249_fsm",
                        "base/5/16400_init",
                        "base/50",
                        "base/50/1249",
                        "global",
                        "global/pg_control",
                        "pg_replslot",
                        "pg_wal",
                        "pg_wal/archive_status");
        assertThat(tree.files()).isEqualTo(7);
        assertThat(tree.bytes()).isEqualTo(3 + 8192 + 8192 + 1 + 8192);
        assertThat(tree.get(4).place()).isEqualTo(data.resolve("base/5/1249"));
        assertThat(tree.get(4).status().size()).isEqualTo(8192);
    }

    @Test
    void followsTablespacesButOnlyIntoTheDirectoryOfThisVersion() throws Exception {
        Path space = Files.createDirectories(folder.resolve("space"));
        Files.createDirectories(space.resolve("PG_15_202209061/5"));
        Files.write(space.resolve("PG_15_202209061/5/16401"), new byte[10]);
        Files.createDirectories(space.resolve("PG_14_202107181/5"));
        Files.createDirectories(data.resolve("pg_tblspc"));
        Files.createSymbolicLink(data.resolve("pg_tblspc/16400"), space);

        assertThat(paths(walk()))
                .containsExactly(
                        "pg_tblspc",
                        "pg_tblspc/16400",
                        "pg_tblspc/16400/PG_15_202209061",
                        "pg_tblspc/16400/PG_15_202209061/5",
                        "pg_tblspc/16400/PG_15_202209061/5/16401");
    }

    @Test
    void takesATablespaceInsideTheDataDirectoryOnce() throws Exception {
        file("space/PG_15_202209061/5/16401", 10);
        Files.createDirectories(data.resolve("pg_tblspc"));
        Files.createSymbolicLink(data.resolve("pg_tblspc/16400"), data.resolve("space"));

        assertThat(paths(walk()))
                .containsExactly(
                        "pg_tblspc",
                        "pg_tblspc/16400",
                        "pg_tblspc/16400/PG_15_202209061",
                        "pg_tblspc/16400/PG_15_202209061/5",
                        "pg_tblspc/16400/PG_15_202209061/5/16401");
    }

    @Test
    void makesAPlainDirectoryOfALinkedWalDirectory() throws Exception {
        Path wal = Files.createDirectory(folder.resolve("wal"));
        Files.createDirectory(wal.resolve("archive_status"));
        Files.write(wal.resolve("000000010000000000000001"), new byte[10]);
        Files.createSymbolicLink(data.resolve("pg_wal"), wal);

        SourceTree tree = walk();

        assertThat(paths(tree)).containsExactly("pg_wal", "pg_wal/archive_status");
        assertThat(tree.get(0).status().type()).isEqualTo(org.pgark.postgres.datadir.FileType.DIRECTORY);
    }

    @Test
    void refusesADirectoryThatWasMovedBehindALink() throws Exception {
        Path moved = Files.createDirectory(folder.resolve("moved"));
        Files.createSymbolicLink(data.resolve("pg_xact"), moved);

        assertThatThrownBy(this::walk)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo("linked_directory"))
                .hasMessage("\"pg_xact\" in the data directory is a symbolic link to the directory \"" + moved
                        + "\", whose files a backup would miss");
    }

    @Test
    void leavesLinksOutThatLeadToAFileOrNowhereOrOutOfWhatIsEmptied() throws Exception {
        file("PG_VERSION", 3);
        Files.createSymbolicLink(data.resolve("certificate"), data.resolve("PG_VERSION"));
        Files.createSymbolicLink(data.resolve("nowhere"), folder.resolve("missing"));
        Files.createDirectory(data.resolve("pg_replslot"));
        Files.createSymbolicLink(data.resolve("pg_replslot/slot"), folder);

        assertThat(paths(walk())).containsExactly("PG_VERSION", "pg_replslot");
    }

    @Test
    void failsAtANameThatIsNotUtf8() throws Exception {
        Files.createDirectory(data.resolve("base"));
        int ended = new ProcessBuilder(
                        "sh",
                        "-c",
                        "touch \"$1/$(printf 'a\\377')\"",
                        "sh",
                        data.resolve("base").toString())
                .start()
                .waitFor();
        assertThat(ended).isZero();

        assertThatThrownBy(this::walk)
                .isInstanceOfSatisfying(
                        FailedException.class,
                        failure -> assertThat(failure.code()).isEqualTo("file_name_not_utf8"))
                .hasMessageStartingWith("name of a file in directory \"base\" is not valid UTF-8: \"a");
    }

    @Test
    void findsTheFilesOfARelationAmongItsNeighbours() throws Exception {
        file("base/5/16384", 1);
        file("base/5/16384.1", 1);
        file("base/5/16384.2", 1);
        file("base/5/16384_fsm", 1);
        file("base/5/16384_vm", 1);
        file("base/5/163840", 1);
        file("base/5/1638", 1);

        List<String> found = new ArrayList<>();
        new RelationFiles(walk()).collect("base/5/16384", found);

        assertThat(found)
                .containsExactly(
                        "base/5/16384", "base/5/16384.1", "base/5/16384.2", "base/5/16384_fsm", "base/5/16384_vm");
    }

    @Test
    void keepsAHundredThousandFilesSmall() throws Exception {
        SourceTree tree = new SourceTree();
        int number = tree.addFolder("base/5", data);
        FileStatus status = new FileStatus(0100600, 0, 0, 8192, 1);
        for (int index = 0; index < 100_000; index++) {
            tree.add(number, Integer.toString(1_000_000 + index), status);
        }
        assertThat(tree.get(99_999).path()).isEqualTo("base/5/1099999");
        assertThat(tree.contains("base/5", "1050000")).isTrue();
        assertThat(tree.contains("base/5", "105000")).isFalse();
        assertThat(tree.contains("base/6", "1050000")).isFalse();
    }

    @Test
    void refusesATablespaceWhosePlaceIsNotUtf8() throws Exception {
        file("base/5/1249", 8192);
        Files.createDirectories(data.resolve("pg_tblspc"));
        String makeLink = "place=$(printf '../cold-\\377') && mkdir \"$place\" && ln -s \"$place\" pg_tblspc/16400";
        Process shell = new ProcessBuilder("sh", "-c", makeLink)
                .directory(data.toFile())
                .start();
        assertThat(shell.waitFor()).isZero();

        assertThatThrownBy(this::walk)
                .isInstanceOf(FailedException.class)
                .hasMessageStartingWith("target of symbolic link \"pg_tblspc/16400\" is not valid UTF-8: \"../cold-");
    }
}
