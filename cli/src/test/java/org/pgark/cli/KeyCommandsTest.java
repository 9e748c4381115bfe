package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.repository.key.KeyFile;
import org.pgark.repository.key.RepositoryKeys;
import tools.jackson.databind.JsonNode;

/** Keys of an encrypted repository of one backup, looked after by commands. */
class KeyCommandsTest {
    private static final String PHRASE = "correct horse battery staple";

    @TempDir
    private Path folder;

    private Path keyFile;

    private CommandResult run(String... words) {
        return CommandResult.of(folder, words);
    }

    @BeforeEach
    void makeAnEncryptedRepository() throws IOException {
        keyFile = folder.resolve("main.key");
        KeyFile key = KeyFile.create(keyFile, new SecureRandom());
        SampleRepository.make(
                folder, InstantSource.system(), new SecureRandom(), List.of(new RepositoryKeys.Named("operator", key)));
        configure("key-file = \"" + keyFile + "\"");
    }

    private void configure(String... lines) throws IOException {
        Path file = folder.resolve("pgark.toml");
        Files.writeString(
                file,
                "[repository.main]\nurl = \"file:" + folder.resolve("repository") + "\"\n" + String.join("\n", lines)
                        + "\n[cluster.main]\npgdata = \"" + folder.resolve("data") + "\"\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** Every file of the repository with its content. */
    private Map<String, String> stored() throws IOException {
        Map<String, String> stored = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder.resolve("repository"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                stored.put(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return stored;
    }

    @Test
    void listsRecipientsAndDataKeysWithoutSecrets() throws IOException {
        JsonNode keys = run("key", "list", "--json").mustEndWith(0).json();
        assertThat(keys.at("/recipients/0/name").asString()).isEqualTo("operator");
        assertThat(keys.at("/recipients/0/kind").asString()).isEqualTo("key_file");
        assertThat(keys.get("opened_by").asString()).isEqualTo("operator");
        assertThat(keys.get("revision").asLong()).isEqualTo(1);
        assertThat(keys.get("data_keys")).hasSize(1);
        String secret = Files.readString(keyFile).replaceAll("(?s).*pgark-key-1:([0-9a-f]{64}).*", "$1");
        CommandResult text = run("key", "list").mustEndWith(0);
        assertThat(text.output())
                .contains("operator   key file           opened it now")
                .contains("NOTE: there is one recipient only");
        assertThat(text.output() + keys).doesNotContain(secret);
    }

    @Test
    void aSecondRecipientOpensEverythingWhenTheFirstKeyIsLost() throws IOException {
        Path escrow = folder.resolve("escrow.key");
        run("key", "create", escrow.toString()).mustEndWith(0);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(escrow)))
                .isEqualTo("rw-------");
        run("key", "rotate", "--add", "escrow", "--key-file", escrow.toString()).mustEndWith(0);
        Files.delete(keyFile);
        assertThat(run("list").mustEndWith(4).errors())
                .isEqualTo("pgark: error: the keys of the repository in file:" + folder.resolve("repository")
                        + " cannot be opened: key file \"" + keyFile + "\" does not exist\n"
                        + "HINT: Bring it back, or name the file of"
                        + " another recipient as key-file. The repository"
                        + " can be opened by: operator (key file), escrow"
                        + " (key file).\n");
        configure("key-file = \"" + escrow + "\"");
        run("list").mustEndWith(0);
        run("key", "rotate", "--remove", "operator", "--new-data-key").mustEndWith(0);
        JsonNode keys = run("key", "list", "--json").mustEndWith(0).json();
        assertThat(keys.get("recipients")).hasSize(1);
        assertThat(keys.get("data_keys")).hasSize(2);
        assertThat(run("show", "latest").mustEndWith(0).output()).contains("WAL needed");
    }

    @Test
    void aPassPhraseAndACommandOpenIt() throws IOException {
        String phrase = "echo '" + PHRASE + "'";
        String command = "case $1 in wrap) rev ;; unwrap) rev ;; esac";
        run("key", "rotate", "--add", "phrase", "--passphrase-command", phrase).mustEndWith(0);
        run("key", "rotate", "--add", "command", "--key-command", command).mustEndWith(0);
        configure("passphrase-command = \"" + phrase + "\"");
        assertThat(run("key", "check").output()).contains("opens the repository as phrase");
        configure("key-command = \"" + command + "\"");
        assertThat(run("key", "check").output()).contains("opens the repository as command");
        assertThat(run("key", "check", "--passphrase-command", "echo not the right phrase")
                        .mustEndWith(1)
                        .output())
                .contains("it is none of the repository's recipients");
    }

    @Test
    void exportedKeysOpenItAlsoWithoutItsOwnKeys() throws IOException {
        Path export = folder.resolve("export");
        run("key", "export", export.toString()).mustEndWith(0);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(export)))
                .isEqualTo("rw-------");
        assertThat(run("key", "export", export.toString()).mustEndWith(4).errors())
                .startsWith("pgark: error: file \"" + export + "\" exists already");
        run("key", "rotate").mustEndWith(0);
        configure("key-file = \"" + export + "\"");
        assertThat(run("key", "check").mustEndWith(0).output()).contains("as exported keys of revision 1");
        assertThat(run("key", "rotate").mustEndWith(4).errors())
                .startsWith("pgark: error: the exported keys are of revision 1, the repository's of revision 2");
        try (Stream<Path> keys = Files.walk(folder.resolve("repository/keys"))) {
            for (Path file : keys.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        run("list").mustEndWith(4);
    }

    @Test
    void nobodyIsLockedOutByMistake() {
        assertThat(run("key", "rotate", "--remove", "operator").mustEndWith(4).errors())
                .isEqualTo("""
                    pgark: error: without operator nobody who is configured here could open repository "main" any more
                    HINT: Add the new recipient first, and name it in the configuration.
                    """);
        run("key", "rotate", "--remove", "somebody").mustEndWith(4);
        run("key", "rotate", "--add", "second").mustEndWith(2);
        run("key", "rotate", "--key-file", keyFile.toString()).mustEndWith(2);
        run("key", "rotate", "--add", "Second", "--key-file", keyFile.toString())
                .mustEndWith(2);
        assertThat(run("key", "list", "--json").json().get("revision").asLong()).isEqualTo(1);
    }

    @Test
    void aWrongMissingOrLooseKeyIsOneErrorAndNothingIsWritten() throws IOException {
        Map<String, String> before = stored();
        Path other = folder.resolve("other.key");
        KeyFile.create(other, new SecureRandom());
        Path loose = Files.copy(keyFile, folder.resolve("loose.key"));
        Files.setPosixFilePermissions(loose, PosixFilePermissions.fromString("rw-r--r--"));
        Map<String, String> errors = Map.of(
                "key-file = \"" + other + "\"",
                "cannot be opened with key file \"" + other + "\": it is none of the repository's recipients",
                "key-file = \"/nowhere/key\"",
                "key file \"/nowhere/key\" does not exist",
                "key-file = \"" + loose + "\"",
                "key file \"" + loose + "\" has mode rw-r--r--, so others may read or change it",
                "passphrase-command = \"exit 3\"",
                "it is none of the repository's recipients",
                "encryption = \"required\"",
                "is encrypted, and no key for it is configured",
                "",
                "is encrypted, and no key for it is configured");
        List<List<String>> commands = List.of(
                List.of("list"),
                List.of("verify", "--all"),
                List.of("expire"),
                List.of("collect"),
                List.of("delete", "latest"),
                List.of("pin", "latest"),
                List.of("wal", "list"),
                List.of("restore", "--to", folder.resolve("restored").toString()));
        for (Map.Entry<String, String> error : errors.entrySet()) {
            configure(error.getKey());
            for (List<String> command : error.getKey().isEmpty() ? commands : commands.subList(0, 1)) {
                CommandResult result = run(command.toArray(String[]::new)).mustEndWith(4);
                assertThat(result.errors()).as("%s", command).contains(error.getValue());
                assertThat(result.errors().lines()).hasSizeLessThanOrEqualTo(2);
            }
        }
        assertThat(stored()).isEqualTo(before);
        assertThat(folder.resolve("restored")).doesNotExist();
    }

    @Test
    void aPlainRepositoryInItsPlaceIsRefused() throws IOException {
        Path plain = Files.createDirectory(folder.resolve("plain"));
        SampleRepository.make(plain, InstantSource.system(), new SecureRandom());
        Files.move(folder.resolve("repository"), folder.resolve("aside"));
        Files.move(plain.resolve("repository"), folder.resolve("repository"));
        Map<String, String> before = stored();
        for (String line : List.of(
                "key-file = \"" + keyFile + "\"",
                "encryption = \"required\"",
                "key-fingerprint = \"" + "0".repeat(32) + "\"")) {
            configure(line);
            for (String command : List.of("list", "expire", "collect")) {
                assertThat(run(command).mustEndWith(4).errors())
                        .startsWith("pgark: error: the repository in file:" + folder.resolve("repository")
                                + " is not encrypted, but the configuration says that it must be\n");
            }
        }
        assertThat(stored()).isEqualTo(before);
    }

    @Test
    void keysWithAnotherFingerprintAreRefused() throws IOException {
        configure("key-file = \"" + keyFile + "\"", "key-fingerprint = \"" + "0".repeat(32) + "\"");
        assertThat(run("list").mustEndWith(4).errors()).contains("not the expected 00000000000000000000000000000000");
    }

    @Test
    void aRepositoryThatIsNotEncryptedHasNoKeys() throws IOException {
        Path plain = Files.createDirectory(folder.resolve("plain"));
        SampleRepository.make(plain, InstantSource.system(), new SecureRandom());
        Files.writeString(
                folder.resolve("pgark.toml"),
                "[repository.main]\nurl = \"file:" + plain.resolve("repository") + "\"\n");
        assertThat(run("key", "list").mustEndWith(4).errors())
                .isEqualTo("pgark: error: the repository in file:" + plain.resolve("repository")
                        + " is not encrypted and has no keys\nHINT: A repository is encrypted from the start or never:"
                        + " \"pgark init --help\" tells how.\n");
    }
}
