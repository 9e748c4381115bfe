package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyCommandTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void sample() throws Exception {
        SampleRepository.make(folder, InstantSource.system(), new SecureRandom());
        configure("main");
    }

    private void configure(String repositoryOfTheCluster) throws IOException {
        Path file = folder.resolve("pgark.toml");
        Files.writeString(
                file,
                "[repository.main]\nurl = \"file:" + folder.resolve("repository")
                        + "\"\n[repository.vault]\nurl = \"file:"
                        + folder.resolve("vault") + "\"\n[cluster.main]\npgdata = \"" + folder.resolve("data")
                        + "\"\nrepository = \"" + repositoryOfTheCluster + "\"\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private CommandResult run(String... words) {
        return CommandResult.of(folder, words);
    }

    @Test
    void theCopyIsTheSameRepositoryAndDoesWithoutTheFirst() throws Exception {
        String shown = run("show", "latest").output();
        CommandResult first = run("copy", "--all", "--from", "main", "--to", "vault");
        assertThat(first.exitCode()).isZero();
        assertThat(first.output())
                .matches("(?s)copied \\d+ objects, .*, from file:.*/repository to file:.*/vault; 0 were there"
                        + " already\n");
        assertThat(run("copy", "--all", "--from", "main", "--to", "vault").output())
                .startsWith("copied 0 objects, 0 B, from ");

        Files.move(folder.resolve("repository"), folder.resolve("gone"));
        configure("vault");
        assertThat(run("show", "latest").output()).isEqualTo(shown);
    }

    @Test
    void aPlainRepositoryIsNotCopiedWhereAnEncryptedOneMustBe() throws Exception {
        Path file = folder.resolve("pgark.toml");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("[repository.vault]\n", "[repository.vault]\nencryption = \"required\"\n"));
        CommandResult result = run("copy", "--all", "--from", "main", "--to", "vault");
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.errors())
                .startsWith(
                        "pgark: error: repository \"vault\" must be encrypted, and a copy of \"main\" would not be\n");
        assertThat(folder.resolve("vault")).doesNotExist();
    }

    @Test
    void aBackupWithoutItsWalIsNotCopied() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        SampleRepository.make(other, InstantSource.system(), new SecureRandom());
        Files.move(other.resolve("repository"), folder.resolve("vault"));
        CommandResult result = run("copy", "latest", "--from", "main", "--to", "vault");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors()).contains("pgark: error: WAL segment 000000010000000000000002, which backup ");
    }

    @Test
    void saysWhatIsWrongWithItsWords() {
        assertThat(run("copy", "--from", "main", "--to", "vault").errors())
                .startsWith("pgark: error: name a backup, or say --all\n");
        assertThat(run("copy", "--all", "--from", "main", "--to", "main").errors())
                .startsWith("pgark: error: --from and --to are the same place, file:");
        assertThat(run("copy", "--all", "--from", "nobody", "--to", "main")).isEqualTo(new CommandResult(2, "", """
            pgark: error: repository "nobody" is not configured
            HINT: There are "main", "vault".
            """));
    }
}
