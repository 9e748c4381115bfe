package org.pgark.cli.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationFileEditorTest {
    @TempDir
    private Path folder;

    private Path file;
    private Path data;

    @BeforeEach
    void makeADataDirectory() throws Exception {
        file = folder.resolve("etc/pgark.toml");
        data = Files.createDirectory(folder.resolve("data"));
    }

    private ConfigurationEdit add(String name, Path pgdata, String url) throws Exception {
        Optional<String> repository = url.isEmpty() ? Optional.empty() : Optional.of(url);
        return new ConfigurationFileEditor(file)
                .add(new NewCluster(name, Optional.of(pgdata), Optional.empty(), repository, KeySources.NONE));
    }

    private void write(String text) throws Exception {
        Files.createDirectories(folder.resolve("etc"));
        Files.writeString(file, text);
    }

    @Test
    void makesAFileThatOnlyTheGroupMayRead() throws Exception {
        assertThat(add("main", data, "").created()).isTrue();
        assertThat(file).hasContent("""
            # Configuration of pgark

            [repository.main]
            url = "file:/var/lib/pgark/repository"

            [cluster.main]
            pgdata = "%s"
            repository = "main"
            """.formatted(data));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(Files.getAttribute(data, "unix:gid"));
        assertThat(file.getParent()).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void leavesAClusterThatIsThereAsItIs() throws Exception {
        add("main", data, "");
        String before = Files.readString(file);
        ConfigurationEdit again = add("main", data, "");
        assertThat(again).isEqualTo(new ConfigurationEdit(file.toRealPath(), false, ""));
        assertThat(file).hasContent(before);
    }

    @Test
    void keepsCommentsAndModeAndPutsTablesBehind() throws Exception {
        write("# mine\n[repository.far] # keep\nurl = \"file:/mnt\"");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(add("main", data, "").added()).doesNotContain("[repository");
        assertThat(file).hasContent("""
            # mine
            [repository.far] # keep
            url = "file:/mnt"

            [cluster.main]
            pgdata = "%s"
            repository = "far"
            """.formatted(data));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void writesThroughALink() throws Exception {
        Path real = Files.writeString(folder.resolve("real.toml"), "");
        Files.createDirectories(folder.resolve("etc"));
        Files.createSymbolicLink(file, real);
        add("main", data, "");
        assertThat(file).isSymbolicLink();
        assertThat(real).content().contains("[cluster.main]");
    }

    @Test
    void addsARepositoryForAnotherUrl() throws Exception {
        add("main", data, "file:/one");
        add("second", folder.resolve("data2"), "file:/two");
        add("third", folder.resolve("data3"), "file:/one");
        Configuration configuration = Configuration.read(
                new ConfigurationSources(Optional.of(file), java.util.Map.of(), folder, folder.resolve("none")));
        assertThat(configuration.clusters())
                .extracting(
                        cluster -> cluster.name() + " " + cluster.repository().name() + " "
                                + cluster.repository().url())
                .containsExactly("main main file:/one", "second second file:/two", "third main file:/one");
        assertThatThrownBy(() -> add("fourth", folder.resolve("data4"), ""))
                .hasMessage(file + ": several repositories are configured: \"main\", \"second\"");
    }

    @Test
    void quotesWhatTomlWouldTakeForSomethingElse() throws Exception {
        Path odd = folder.resolve("a \"b\" \\c");
        new ConfigurationFileEditor(file)
                .add(new NewCluster(
                        "main",
                        Optional.of(odd),
                        Optional.of("options='-c x=\"1\"'"),
                        Optional.empty(),
                        KeySources.NONE));
        Configuration configuration = ConfigurationAssembly.ofText(file, Files.readString(file));
        assertThat(configuration.clusters().getFirst().pgdata()).isEqualTo(odd);
        assertThat(configuration.clusters().getFirst().connection().text()).isEqualTo("options='-c x=\"1\"'");
    }

    private ConfigurationEdit addByConnection(String name, String connection) throws Exception {
        return new ConfigurationFileEditor(file)
                .add(new NewCluster(
                        name, Optional.empty(), Optional.of(connection), Optional.empty(), KeySources.NONE));
    }

    @Test
    void aClusterOfAnotherHostHasItsConnectionOnly() throws Exception {
        assertThat(addByConnection("far", "host=db1 user=copier").created()).isTrue();
        assertThat(file).hasContent("""
            # Configuration of pgark

            [repository.main]
            url = "file:/var/lib/pgark/repository"

            [cluster.far]
            connection = "host=db1 user=copier"
            repository = "main"
            """);
        assertThat(addByConnection("far", "host=db1 user=copier").added()).isEmpty();
        add("main", data, "");
        assertThatThrownBy(() -> addByConnection("far", "host=db2 password=secret"))
                .hasMessage(file + ": cluster \"far\" is configured with another connection than that of the command"
                        + " line");
        assertThatThrownBy(() -> addByConnection("main", "host=db1"))
                .hasMessage(file + ": cluster \"main\" is configured with pgdata \"" + data
                        + "\", not by its connection only");
        assertThatThrownBy(() -> add("far", data, ""))
                .hasMessage(file + ": cluster \"far\" is configured by its connection only, not with pgdata \"" + data
                        + "\"");
    }

    private static KeySources key(String file) {
        return new KeySources(Optional.of(Path.of(file)), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private ConfigurationEdit add(String name, Path pgdata, KeySources keys) throws Exception {
        return new ConfigurationFileEditor(file)
                .add(new NewCluster(name, Optional.of(pgdata), Optional.empty(), Optional.of("file:/one"), keys));
    }

    private static final RepositoryPins PINS = new RepositoryPins("0".repeat(32), "1".repeat(32));

    @Test
    void pinsWhatARepositoryIsKnownByInItsTable() throws Exception {
        add("main", data, key("/etc/key"));
        assertThat(new ConfigurationFileEditor(file).pin("main", PINS, data)).isTrue();
        assertThat(file).hasContent("""
            # Configuration of pgark

            [repository.main]
            id = "00000000000000000000000000000000"
            key-fingerprint = "11111111111111111111111111111111"
            url = "file:/one"
            encryption = "required"
            key-file = "/etc/key"

            [cluster.main]
            pgdata = "%s"
            repository = "main"
            """.formatted(data));
        assertThat(new ConfigurationFileEditor(file).pin("main", PINS, data)).isFalse();
        add("second", folder.resolve("data2"), key("/etc/key"));
        assertThat(new ConfigurationFileEditor(file).pin("main", PINS, data)).isFalse();
    }

    @Test
    void pinsWhatIsMissingAndLeavesTheRestAlone() throws Exception {
        write("[cluster.main]\npgdata = \"/data\"\n  [ repository . main ]  # far\nid = \"" + "0".repeat(32) + "\"");
        assertThat(new ConfigurationFileEditor(file).pin("main", PINS, data)).isTrue();
        assertThat(file)
                .hasContent("[cluster.main]\npgdata = \"/data\"\n  [ repository . main ]  # far\nkey-fingerprint = \""
                        + "1".repeat(32) + "\"\nid = \"" + "0".repeat(32) + "\"");
    }

    @Test
    void refusesToPinWhatItCannotWriteOrWhatIsSaidOtherwise() throws Exception {
        write("repository.main.key-file = \"/etc/key\"\n[cluster.main]\npgdata = \"/data\"\n");
        assertThatThrownBy(() -> new ConfigurationFileEditor(file).pin("main", PINS, data))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(file + ": cannot be extended");
        write("[repository.main]\nid = \"" + "2".repeat(32) + "\"\n");
        assertThatThrownBy(() -> new ConfigurationFileEditor(file).pin("main", PINS, data))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(file + ": the repository has the id " + "0".repeat(32) + ", not " + "2".repeat(32));
    }

    @Test
    void refusesOtherKeysForARepositoryThatIsThere() throws Exception {
        add("main", data, KeySources.NONE);
        assertThatThrownBy(() -> add("main", data, key("/etc/key")))
                .hasMessage(file + ": repository \"main\" is configured without encryption, which cannot be added");
        Files.delete(file);
        add("main", data, key("/etc/key"));
        assertThat(add("main", data, key("/etc/key")).added()).isEmpty();
        assertThatThrownBy(() -> add("second", folder.resolve("data2"), key("/etc/other")))
                .hasMessage(
                        file + ": repository \"main\" is configured with other keys than those of the command line");
    }

    @Test
    void refusesWhatContradictsTheFile() throws Exception {
        add("main", data, "file:/one");
        String before = Files.readString(file);
        assertThatThrownBy(() -> add("main", Path.of("/other"), ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(file + ": cluster \"main\" is configured with pgdata \"" + data
                        + "\", not with pgdata \"/other\"");
        assertThatThrownBy(() -> add("other", data, ""))
                .hasMessage(file + ": pgdata \"" + data + "\" is configured as cluster \"main\"");
        assertThatThrownBy(() -> add("main", data, "file:/two"))
                .hasMessage(file + ": cluster \"main\" is configured with repository \"file:/one\", not \"file:/two\"");
        assertThat(file).hasContent(before);
    }

    @Test
    void refusesToGiveAnotherClusterANewRepository() throws Exception {
        write("[cluster.old]\npgdata = \"/old\"\n");
        assertThatThrownBy(() -> add("main", data, "file:/two"))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems().getFirst().hint())
                                .isEqualTo("Set \"cluster.old.repository\" first."))
                .hasMessage(file + ": a new repository would become that of cluster \"old\"");
    }

    @Test
    void refusesAFileWithErrors() throws Exception {
        write("[cluster.old]\npgdta = \"/old\"\n");
        assertThatThrownBy(() -> add("main", data, ""))
                .hasMessageContaining(file + ":2:1: unknown key \"cluster.old.pgdta\"");
    }

    @Test
    void refusesAFileWhoseTablesCannotBeExtended() throws Exception {
        write("cluster = { old = { pgdata = \"/old\", repository = \"r\" } }\n[repository.r]\n");
        assertThatThrownBy(() -> add("main", data, "")).hasMessageContaining(file + ": cannot be extended: ");
    }

    @Test
    void refusesANameThatIsNone() {
        assertThatThrownBy(() -> add("My-Cluster", data, ""))
                .hasMessage(file + ": cannot be extended: invalid name \"My-Cluster\","
                        + " must be of a-z, 0-9 and _ and begin with a letter");
    }
}
