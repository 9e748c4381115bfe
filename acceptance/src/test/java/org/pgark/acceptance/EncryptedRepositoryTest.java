package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.Cluster;
import org.pgark.embedded.FileTree;

/** A cluster under an encrypted repository, from its first backup to the loss of the key. */
class EncryptedRepositoryTest {
    private static final int REFUSED = 4;
    private static final String MARK = "q7Xw2LrB9vKz4TnM";

    /** Every object with its content. */
    private static Map<String, String> objects(Path repository) throws IOException {
        Map<String, String> objects = new TreeMap<>();
        try (Stream<Path> files = Files.walk(repository)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                objects.put(
                        repository.relativize(file).toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return objects;
    }

    @Test
    void holdsEverythingThatAPlainOneDoesAndShowsNothing() throws Exception {
        try (ProtectedCluster main = ProtectedCluster.encrypted(18)) {
            Path configuration = main.folder().resolve("pgark.toml");
            Files.writeString(
                    configuration,
                    "\n[cluster.main.keep]\nlast = 1\n[backup]\ncompression = \"none\"\n[archive]\nwal-compression ="
                            + " \"none\"\n",
                    StandardOpenOption.APPEND);
            assertThat(Files.readString(configuration))
                    .contains("encryption = \"required\"")
                    .contains("\nid = \"")
                    .contains("\nkey-fingerprint = \"");
            main.cluster()
                    .execute("CREATE TABLE secret_table AS SELECT '" + MARK
                            + "' || i AS t FROM generate_series(1, 2000) i");
            main.pgark("backup", "--label", "owner=" + MARK).mustSucceed();
            main.cluster().execute("UPDATE secret_table SET t = t || 'x' WHERE t LIKE '%7'");
            main.pgark("key", "rotate", "--new-data-key").mustSucceed();
            main.pgark("backup").mustSucceed();
            String second = main.backups().getLast();
            main.cluster().query("SELECT pg_create_restore_point('before_the_loss')");
            main.cluster().execute("DROP TABLE secret_table");
            main.archiveEverything();
            main.pgark("verify", "--all", "--wal").mustSucceed();
            assertThat(main.pgark("expire").mustSucceed().output()).contains("rule");
            assertThat(main.backups()).containsExactly(second);
            main.pgark("collect").mustSucceed();
            showsNothing(main);
            refusesAnotherInItsPlace(main);
            survivesTheLossOfTheKey(main, configuration);
        }
    }

    private static void showsNothing(ProtectedCluster main) throws IOException {
        Map<String, String> objects = objects(main.repository());
        assertThat(objects.keySet())
                .anyMatch(name -> name.contains("/packs/"))
                .anyMatch(name -> name.contains("/wal/"));
        objects.forEach((name, content) -> {
            for (String word : List.of(MARK, "secret_table", "pg_control", "full_page_writes", "\"main\"")) {
                assertThat(content.contains(word)).as(name + " shows " + word).isFalse();
            }
        });
    }

    private static void refusesAnotherInItsPlace(ProtectedCluster main) throws Exception {
        Path repository = main.repository();
        Path aside = main.place("aside");
        Files.move(repository, aside);
        ProcessBuilder init = main.builder(
                "init",
                "--cluster",
                "main",
                "--pgdata",
                main.cluster().dataDirectory().toString(),
                "--repo",
                "file:" + repository);
        init.environment().put("PGARK_CONFIG", main.place("other.toml").toString());
        assertThat(org.pgark.testkit.ProgramOutcome.of(init).exitStatus()).isZero();
        Map<String, String> before = objects(repository);
        for (List<String> command : List.of(
                List.of("backup"),
                List.of("expire"),
                List.of("collect"),
                List.of("key", "rotate"),
                List.of("verify"))) {
            assertThat(main.pgark(command.toArray(String[]::new))
                            .mustEndWith(REFUSED)
                            .errors())
                    .contains(", not the expected ");
        }
        main.cluster().query("SELECT pg_switch_wal()");
        main.pgark("wal", "push", "pg_wal/" + main.cluster().query("SELECT pg_walfile_name('0/01000000')"))
                .outcome();
        assertThat(objects(repository)).isEqualTo(before);
        FileTree.delete(repository);
        Files.move(aside, repository);
        main.archiveEverything();
    }

    private static void survivesTheLossOfTheKey(ProtectedCluster main, Path configuration) throws Exception {
        Path escrow = main.folder().resolve("escrow.key");
        main.pgark("key", "create", escrow.toString()).mustSucceed();
        main.pgark("key", "rotate", "--add", "escrow", "--key-file", escrow.toString())
                .mustSucceed();
        Files.delete(main.keyFile());
        assertThat(main.pgark("backup").mustEndWith(REFUSED).errors()).contains("does not exist");
        String text = Files.readString(configuration).replace(main.keyFile().toString(), escrow.toString());
        Files.writeString(configuration, text);
        Cluster restored = main.restored("--name", "before_the_loss");
        assertThat(ProtectedCluster.query(
                        restored, "SELECT count(*) || ' ' || count(*) FILTER (WHERE t LIKE '%x') FROM secret_table"))
                .isEqualTo("2000 200");
    }

    @Test
    @Tag("slow")
    void twoObjectsThatChangedPlacesAndALogThatWasRolledBackAreNamed() throws Exception {
        try (ProtectedCluster main = ProtectedCluster.encrypted(18)) {
            main.pgark("backup").mustSucceed();
            main.pgark("list").mustSucceed();
            List<Path> packs;
            try (Stream<Path> files = Files.walk(main.repository())) {
                packs = files.filter(file -> file.toString().contains("/packs/") && Files.isRegularFile(file))
                        .sorted()
                        .toList();
            }
            org.pgark.testkit.FileFault.swap(packs.getFirst(), packs.getLast());
            assertThat(main.pgark("verify").mustEndWith(3).output())
                    .contains(packs.getFirst().getFileName().toString());
            org.pgark.testkit.FileFault.swap(packs.getFirst(), packs.getLast());
            Path keys = newest(main.repository().resolve("keys"));
            main.pgark("key", "rotate", "--new-data-key").mustSucceed();
            main.pgark("list").mustSucceed();
            Path rotated = newest(main.repository().resolve("keys"));
            Path aside = Files.move(rotated, main.place("keys"));
            Files.writeString(keys, "");
            assertThat(main.pgark("list").outcome().exitStatus()).isNotZero();
            Files.delete(keys);
            assertThat(main.pgark("list").mustEndWith(REFUSED).errors()).contains("keys of the repository in");
            Files.move(aside, rotated, StandardCopyOption.REPLACE_EXISTING);
            Path entry = newest(main.repository().resolve("clusters"), "/log/");
            Files.delete(entry);
            assertThat(main.pgark("list").mustEndWith(REFUSED).errors())
                    .contains(main.repository().relativize(entry).toString());
        }
    }

    private static Path newest(Path folder) throws IOException {
        return newest(folder, "");
    }

    private static Path newest(Path folder, String within) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(
                            file -> Files.isRegularFile(file) && file.toString().contains(within))
                    .max(java.util.Comparator.comparing(Path::getFileName))
                    .orElseThrow();
        }
    }
}
