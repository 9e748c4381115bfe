package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.Repository;
import org.pgark.storage.LocalDirectoryStore;

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
    void whoReadsACopyLeavesItOneAndWhoWritesDoesNot() throws Exception {
        copied();
        configure("vault");
        // The sample has no WAL.
        assertThat(run("verify", "latest").exitCode()).isEqualTo(3);
        String copy = run("list").output();
        configure("main");
        assertThat(run("pin", "latest").exitCode()).isZero();
        // The copy is behind now, which is no reason not to read it.
        configure("vault");
        CommandResult behind = run("list");
        assertThat(behind.output()).isEqualTo(copy);
        assertThat(behind.errors())
                .containsPattern("warning: repository \"vault\" \\(.*\\) is behind: it has \\d+ entries of the log of"
                        + " cluster \"main\", another place of the same repository had \\d+ at ");
        assertThat(run("restore", "--to", folder.resolve("restored").toString(), "--dry-run")
                        .errors())
                .contains("repository \"vault\"")
                .contains(" is behind: ");
        configure("main");
        assertThat(run("list").errors()).isEmpty();
        copied();
        configure("vault");
        assertThat(run("list").output()).isNotEqualTo(copy);
        assertThat(run("list").errors()).isEmpty();

        assertThat(run("unpin", "latest").exitCode()).isZero();
        CommandResult refused = run("copy", "--all", "--from", "main", "--to", "vault");
        assertThat(refused.exitCode()).isEqualTo(4);
        assertThat(refused.errors()).contains("has gone on by itself");
        // What has taken over can be copied back, and forth again.
        assertThat(run("copy", "--all", "--from", "vault", "--to", "main").exitCode())
                .isZero();
        configure("main");
        assertThat(run("pin", "latest").exitCode()).isZero();
        CommandResult promoted = run("copy", "--all", "--from", "main", "--to", "vault");
        assertThat(promoted.exitCode()).isEqualTo(4);
        assertThat(promoted.errors()).contains("has been given to a server since it was copied to");
        assertThat(run("copy", "--all", "--again", "--from", "main", "--to", "vault")
                        .exitCode())
                .isZero();
        configure("vault");
        assertThat(run("verify", "latest").exitCode()).isEqualTo(3);
        copied();
    }

    /** Who reads a copy is noted nowhere. */
    @Test
    void nothingIsDeletedUnderThoseWhoReadACopyThatHasJustBecomeTheRepository() throws Exception {
        copied();
        configure("vault");
        assertThat(run("delete", "latest", "--force").exitCode()).isZero();
        assertThat(run("collect").output())
                .contains("those who began to read while this was a copy, which was less than 7 days ago")
                .doesNotContain("deleted 1 pack");
        configure("main");
        assertThat(run("delete", "latest", "--force").exitCode()).isZero();
        assertThat(run("collect").output()).contains("deleted 1 pack");
    }

    private void copied() {
        assertThat(run("copy", "--all", "--from", "main", "--to", "vault").exitCode())
                .isZero();
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

    private Repository open(String name) throws IOException {
        return Repository.open(
                new LocalDirectoryStore(folder.resolve(name)),
                Optional.empty(),
                InstantSource.system(),
                new SecureRandom());
    }

    /** Or a restore would bring back a cluster that was initialised anew since. */
    @Test
    void whatIsBroughtOfAnOlderClusterOfTheNameDoesNotBecomeTheNewest() throws Exception {
        SystemIdentifier anew = SystemIdentifier.parse("7412345678901234567");
        try (Repository main = open("repository");
                Repository vault = Repository.create(
                        new LocalDirectoryStore(folder.resolve("vault")), InstantSource.system(), new SecureRandom())) {
            for (Repository repository : List.of(main, vault)) {
                repository.registerCluster("main", anew, PostgresMajor.V15, WalSegmentSize.DEFAULT);
            }
            assertThat(main.cluster("main").incarnations()).hasSize(2);
        }

        run("copy", "--all", "--from", "main", "--to", "vault");

        try (Repository vault = open("vault")) {
            assertThat(vault.cluster("main").incarnations()).hasSize(2);
            assertThat(vault.cluster("main").newest().orElseThrow().systemIdentifier())
                    .isEqualTo(anew);
            vault.checkLog();
        }
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
