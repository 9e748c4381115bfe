package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which cache the launcher takes; a Java of this test's own says what it was given. */
class LauncherTest {
    @TempDir
    Path folder;

    @BeforeEach
    void install() throws IOException {
        Files.createDirectories(folder.resolve("bin"));
        Files.copy(Path.of("../dist/src/main/sh/pgark"), folder.resolve("bin/pgark"));
        Files.createDirectories(folder.resolve("lib/aot"));
        for (String cache : List.of("25.1", "25.1-stores", "25.1-programs")) {
            Files.createFile(folder.resolve("lib/aot/" + cache + ".aot"));
        }
        Path java = Files.createDirectories(folder.resolve("java/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nfor word in \"$@\"; do echo \"$word\"; done\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(
                folder.resolve("java/release"),
                "JAVA_VERSION=\"25\"\nJAVA_RUNTIME_VERSION=\"25.1\"\nOS_NAME=\"Linux\"\n");
    }

    private List<String> launched(Map<String, String> variables, String... words) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("/bin/sh", folder.resolve("bin/pgark").toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("HOME", folder.resolve("home").toString());
        builder.environment().put("PGARK_JAVA_HOME", folder.resolve("java").toString());
        builder.environment().putAll(variables);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines().toList();
    }

    private String cache(Map<String, String> variables, String... words) throws Exception {
        String option = launched(variables, words).stream()
                .filter(word -> word.startsWith("-XX:AOTCache="))
                .reduce((_, _) -> {
                    throw new AssertionError("two caches");
                })
                .orElseThrow();
        return option.substring(option.lastIndexOf('/') + 1);
    }

    private Path configuration(Path file, String url) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "[repository.main]\nurl = \"" + url + "\"");
    }

    @Test
    void storesElsewhereHaveACacheOfTheirOwn() throws Exception {
        assertThat(cache(Map.of(), "list")).isEqualTo("25.1.aot");
        assertThat(cache(Map.of(), "copy", "--to", "s3://bucket/place")).isEqualTo("25.1-stores.aot");
        assertThat(cache(Map.of("PGARK_REPOSITORY_MAIN_URL", "gs://bucket"), "list"))
                .isEqualTo("25.1-stores.aot");
        Path local = configuration(folder.resolve("local.toml"), "file:/var/lib/pgark");
        Path distant = configuration(folder.resolve("a folder/distant.toml"), "azblob://box");
        assertThat(cache(Map.of("PGARK_CONFIG", distant.toString()), "list")).isEqualTo("25.1-stores.aot");
        assertThat(cache(Map.of("PGARK_CONFIG", distant.toString()), "--config", local.toString(), "list"))
                .isEqualTo("25.1.aot");
        assertThat(cache(Map.of(), "list", "--config=" + distant)).isEqualTo("25.1-stores.aot");
        assertThat(cache(Map.of(), "--config", folder.resolve("nowhere").toString(), "list"))
                .isEqualTo("25.1.aot");
        configuration(folder.resolve("home/.config/pgark/pgark.toml"), "s3://bucket");
        assertThat(cache(Map.of(), "list")).isEqualTo("25.1-stores.aot");
        Files.delete(folder.resolve("lib/aot/25.1-stores.aot"));
        assertThat(cache(Map.of(), "list")).isEqualTo("25.1.aot");
    }

    /** A shell that opened the pipe would wait for a writer, and one that read it would leave nothing to Java. */
    @Test
    void whatIsNoFileIsLeftToJava() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThat(cache(Map.of(), "--config", pipe.toString(), "list")).isEqualTo("25.1.aot");
        assertThat(cache(Map.of("PGARK_CONFIG", folder.toString()), "list")).isEqualTo("25.1.aot");
        if (Files.isExecutable(Path.of("/bin/bash"))) {
            Files.delete(folder.resolve("bin/pgark"));
            Files.writeString(
                    folder.resolve("bin/pgark"), "exec /bin/bash --posix \"" + folder + "/bin/launcher\" \"$@\"\n");
            Files.copy(Path.of("../dist/src/main/sh/pgark"), folder.resolve("bin/launcher"));
            assertThat(cache(Map.of(), "--config", pipe.toString(), "list")).isEqualTo("25.1.aot");
            assertThat(cache(Map.of("PGARK_CONFIG", folder.toString()), "list")).isEqualTo("25.1.aot");
        }
    }

    @Test
    void programsHaveACacheOfTheirOwnUnlessTheyOpenARepository() throws Exception {
        assertThat(cache(Map.of(), "pg_dump", "postgres://host/database")).isEqualTo("25.1-programs.aot");
        assertThat(cache(Map.of(), "pg_basebackup", "-D", "somewhere")).isEqualTo("25.1-programs.aot");
        assertThat(cache(Map.of(), "pg_basebackup", "--target=repository")).isEqualTo("25.1.aot");
    }

    @Test
    void wordsArriveAsTheyAre() throws Exception {
        assertThat(launched(Map.of(), "backup", "--label", "a b=*", ""))
                .containsSequence("backup", "--label", "a b=*", "")
                .contains("-Xmx192m");
    }
}
