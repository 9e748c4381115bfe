package org.pgark.cli.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pgark.physical.several.Requirement;
import org.pgark.physical.wal.BacklogLimit;
import org.pgark.repository.retention.KeepWindow;
import org.pgark.repository.retention.RetentionPolicy;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.StoreSettings;

class ConfigurationTest extends ConfigurationScene {
    private static final String TWO_CLUSTERS = """
        [repository.main]
        url = "file:/backup"

        [cluster.one]
        pgdata = "/data/one"

        [cluster.two]
        pgdata = "/data/two"
        connection = "port=5433"
        """;

    @Test
    void hasADefaultForEverythingButTheDataDirectory() throws Exception {
        Configuration configuration = read("[cluster.main]\npgdata = \"/data\"\n");
        assertThat(configuration.cluster(Optional.empty()))
                .isEqualTo(new ClusterConfiguration(
                        "main",
                        Optional.of(Path.of("/data")),
                        org.pgark.postgres.connection.ConnectionString.EMPTY,
                        List.of(new RepositoryConfiguration(
                                "main",
                                RepositoryUrl.parse("file:/var/lib/pgark/repository"),
                                StoreSettings.NONE,
                                Optional.empty(),
                                EncryptionConfiguration.NONE)),
                        new Requirement.All(),
                        RetentionPolicy.NONE,
                        new ReceiveConfiguration(
                                Optional.empty(),
                                Optional.empty(),
                                false,
                                TimeSpan.parse("5s"),
                                ByteSize.parse("1GiB"),
                                ByteSize.parse("0B"))));
        int processors = Math.min(4, Runtime.getRuntime().availableProcessors());
        assertThat(configuration.backup())
                .isEqualTo(new BackupConfiguration(processors, "zstd:3", true, new ByteSize(0), 0));
        assertThat(configuration.archive())
                .isEqualTo(new ArchiveConfiguration(
                        TimeSpan.parse("60s"),
                        TimeSpan.parse("60s"),
                        TimeSpan.parse("15m"),
                        TimeSpan.parse("5m"),
                        ByteSize.parse("128MiB"),
                        Math.min(4, 2 * Runtime.getRuntime().availableProcessors()),
                        "zstd:3",
                        BacklogLimit.NONE));
    }

    @Test
    void takesEveryKeyFromTheFile() throws Exception {
        Configuration configuration = read("""
            [repository.far]
            url = "file:///mnt/backup"
            id = "0123456789abcdef0123456789abcdef"
            [cluster.a_1]
            pgdata = "/data/../data/a"
            connection = "host=/tmp port=5433"
            repository = "far"
            [backup]
            jobs = 3
            compression = "lz4"
            checkpoint = "spread"
            [archive]
            push-timeout = "10s"
            get-timeout = "2m"
            history-timeout = "20m"
            worker-idle = "1h"
            read-ahead = "1GiB"
            jobs = 7
            wal-compression = "none"
            max-backlog = "2GiB"
            max-backlog-age = "6h"
            at-max-backlog = "give-up"
            """);
        ClusterConfiguration cluster = configuration.cluster(Optional.of("a_1"));
        assertThat(cluster.pgdata()).isEqualTo(Path.of("/data/a"));
        assertThat(cluster.connection().text()).isEqualTo("host=/tmp port=5433");
        assertThat(cluster.repository())
                .isEqualTo(new RepositoryConfiguration(
                        "far",
                        RepositoryUrl.parse("file:///mnt/backup"),
                        StoreSettings.NONE,
                        Optional.of("0123456789abcdef0123456789abcdef"),
                        EncryptionConfiguration.NONE));
        assertThat(configuration.backup()).isEqualTo(new BackupConfiguration(3, "lz4", false, new ByteSize(0), 0));
        assertThat(configuration.archive())
                .isEqualTo(new ArchiveConfiguration(
                        TimeSpan.parse("10s"),
                        TimeSpan.parse("2m"),
                        TimeSpan.parse("20m"),
                        TimeSpan.parse("1h"),
                        ByteSize.parse("1GiB"),
                        7,
                        "none",
                        new BacklogLimit(2L << 30, Duration.ofHours(6), BacklogLimit.Action.GIVE_UP)));
    }

    @Test
    void letsVariablesCountBeforeTheFile() throws Exception {
        variables.put("PGARK_CLUSTER_MAIN_PGDATA", "/other");
        variables.put("PGARK_CLUSTER_NEW_ONE_PGDATA", "/new");
        variables.put("PGARK_REPOSITORY_MAIN_URL", "file:/elsewhere");
        variables.put("PGARK_BACKUP_JOBS", "9");
        variables.put("PGARK_ARCHIVE_PUSH_TIMEOUT", "5s");
        variables.put("PGARK_SPOOL", "not a key's");
        Configuration configuration = read("[cluster.main]\npgdata = \"/data\"\n[backup]\njobs = 1\n");
        assertThat(configuration.clusters())
                .extracting(ClusterConfiguration::name, ClusterConfiguration::pgdata)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("main", Path.of("/other")),
                        org.assertj.core.groups.Tuple.tuple("new_one", Path.of("/new")));
        assertThat(configuration.repositories().getFirst().url()).isEqualTo(RepositoryUrl.parse("file:/elsewhere"));
        assertThat(configuration.backup().jobs()).isEqualTo(9);
        assertThat(configuration.archive().pushTimeout()).isEqualTo(TimeSpan.parse("5s"));
    }

    @Test
    void tellsAllProblemsAtOnceWithTheirPlaces() {
        variables.put("PGARK_BACKUP_JOB", "2");
        variables.put("PGARK_ARCHIVE_JOBS", "many");
        assertThat(problems("""
            [cluster.main]
            pgdata = "/data"
            pgdta = "/data"
            keep.full = 3
            [cluster.Bad-Name]
            pgdata = "/data2"
            [cluster.relative]
            pgdata = "data"
            repository = "mein"
            [cluster.empty]
            [cluster.wrong]
            pgdata = "/data3"
            connection = "hots=/tmp"
            [repository.main]
            url = "s3:/bucket"
            [backup]
            jobs = "four"
            compression = "zstd:99"
            [archive]
            jobs = 0
            push-timeout = 30
            read-ahead = "1TiB"
            worker-idle = "soon"
            [archiv]
            x = 1
            """))
                .containsExactly(
                        "FILE:3:1: unknown key \"cluster.main.pgdta\" | Did you mean \"cluster.main.pgdata\"?",
                        "FILE:4:1: unknown key \"cluster.main.keep.full\"",
                        "FILE:5:1: invalid name \"Bad-Name\", must be of a-z, 0-9 and _ and begin with a letter",
                        "FILE:8:1: invalid value \"data\" of \"cluster.relative.pgdata\", must be an absolute path",
                        "FILE:9:1: repository \"mein\" is not configured | Did you mean \"main\"?",
                        "FILE:10:1: \"cluster.empty.pgdata\" is missing | A cluster on another host has a connection"
                                + " instead.",
                        "FILE:13:1: invalid value of \"cluster.wrong.connection\": invalid connection option \"hots\"",
                        "FILE:15:1: invalid value \"s3:/bucket\" of \"repository.main.url\","
                                + " must be a URL like \"file:/var/lib/pgark/repository\" or \"s3://bucket/prefix\"",
                        "FILE:17:1: \"backup.jobs\" must be a whole number from 1 to 256, not a string",
                        "FILE:18:1: invalid value \"zstd:99\" of \"backup.compression\","
                                + " must be \"none\", \"lz4\", \"zstd\" or \"zstd:LEVEL\" with a level from 1 to 19",
                        "FILE:20:1: invalid value \"0\" of \"archive.jobs\", must be a whole number from 1 to 64",
                        "FILE:21:1: \"archive.push-timeout\" must be a time from \"1s\" to \"1h\", not a number",
                        "FILE:22:1: invalid value \"1TiB\" of \"archive.read-ahead\","
                                + " must be a size from \"0B\" to \"64GiB\"",
                        "FILE:23:1: invalid value \"soon\" of \"archive.worker-idle\","
                                + " must be a time from \"1s\" to \"1d\"",
                        "FILE:24:1: unknown key \"archiv\" | Did you mean \"archive\"?",
                        "environment variable PGARK_ARCHIVE_JOBS: invalid value \"many\" of \"archive.jobs\","
                                + " must be a whole number from 1 to 64",
                        "environment variable PGARK_BACKUP_JOB: no key has this variable"
                                + " | Did you mean \"PGARK_BACKUP_JOBS\"?");
    }

    @Test
    void tellsTablesAndValuesApart() {
        assertThat(problems("""
            cluster = 1
            [backup.jobs]
            x = 1
            [repository]
            main = "file:/backup"
            """))
                .containsExactly(
                        "FILE:1:1: \"cluster\" must be a table",
                        "FILE:2:1: \"backup.jobs\" must be a whole number from 1 to 256",
                        "FILE:5:1: \"repository.main\" must be a table");
    }

    @Test
    void tellsWhereTheSyntaxIsWrong() {
        assertThat(problems("[cluster.main]\npgdata = /data\n"))
                .singleElement()
                .asString()
                .startsWith("FILE:2:10: unexpected '/'");
    }

    @Test
    void refusesOneDataDirectoryOfTwoClusters() {
        assertThat(problems("[cluster.a]\npgdata = \"/data\"\n[cluster.b]\npgdata = \"/data\"\n"))
                .containsExactly("FILE:4:1: clusters \"a\" and \"b\" have the same pgdata \"/data\"");
    }

    @Test
    void refusesAPasswordInAFileThatOthersMayRead() throws Exception {
        String text = "[cluster.main]\npgdata = \"/data\"\nconnection = \"host=db1 password=geheim\"\n";
        assertThat(read(text).toString()).doesNotContain("geheim");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> read(Optional.of(file)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(file + ":3:1: \"cluster.main.connection\" is not for others, who may read or change this"
                        + " file, whose mode must be 0640 or less");
        Files.writeString(file, "[cluster.main]\npgdata = \"/data\"\nconnection = \"host=db1\"\n");
        assertThat(read(Optional.of(file)).clusters()).hasSize(1);
    }

    @Test
    void readsTheFirstFileThatExistsAndNoOther() throws Exception {
        Path home =
                Files.createDirectories(folder.resolve("home/.config/pgark")).resolve("pgark.toml");
        Files.writeString(folder.resolve("system.toml"), "[cluster.system]\npgdata = \"/data\"\n");
        assertThat(read(Optional.empty()).clusters())
                .extracting(ClusterConfiguration::name)
                .containsExactly("system");
        Files.writeString(home, "[cluster.home]\npgdata = \"/data\"\n");
        Configuration ofHome = read(Optional.empty());
        assertThat(ofHome.clusters()).extracting(ClusterConfiguration::name).containsExactly("home");
        assertThat(ofHome.source()).isEqualTo("configuration file \"" + home + "\"");
        Files.writeString(file, "[cluster.variable]\npgdata = \"/data\"\n");
        variables.put("PGARK_CONFIG", file.toString());
        assertThat(read(Optional.empty()).clusters())
                .extracting(ClusterConfiguration::name)
                .containsExactly("variable");
        assertThatThrownBy(() -> read(Optional.of(Path.of("/no/file.toml"))))
                .hasMessage("configuration file \"/no/file.toml\" does not exist");
    }

    @Test
    void asksForAClusterWhereThereIsNone() {
        assertThatThrownBy(() -> read(Optional.empty()).cluster(Optional.empty()))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems().getFirst().hint())
                                .isEqualTo("Run \"pgark init --cluster NAME --pgdata DIR\" first."))
                .hasMessage("no cluster is configured: no configuration file (looked for --config, PGARK_CONFIG,"
                        + " ~/.config/pgark/pgark.toml and /etc/pgark/pgark.toml)");
    }

    @Test
    void asksForANameWhereThereAreSeveralClusters() throws Exception {
        Configuration configuration = read(TWO_CLUSTERS);
        assertThat(configuration.cluster(Optional.of("two")).pgdata()).isEqualTo(Path.of("/data/two"));
        assertThatThrownBy(() -> configuration.cluster(Optional.empty()))
                .hasMessage("several clusters are configured: \"one\", \"two\"");
        assertThatThrownBy(() -> configuration.cluster(Optional.of("tow")))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems().getFirst().hint()).isEqualTo("There are \"one\", \"two\"."))
                .hasMessage("cluster \"tow\" is not configured");
    }

    @Test
    void findsTheClusterOfADataDirectoryThroughLinks() throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), data);
        Configuration configuration = read("[cluster.main]\npgdata = \"" + link + "\"\n");
        assertThat(configuration.clusterOfDataDirectory(data)).isPresent();
        assertThat(configuration.clusterOfDataDirectory(folder)).isEmpty();
    }

    @Test
    void readsWhatIsToBeKept() throws Exception {
        RetentionPolicy keep = read("""
            [cluster.main]
            pgdata = "/data"
            keep.last = 3
            keep.window = "4 weeks"
            keep.daily = 7
            """).cluster(Optional.empty()).keep();

        assertThat(keep)
                .isEqualTo(new RetentionPolicy(
                        3,
                        Optional.of(KeepWindow.parse("4 weeks")),
                        new RetentionPolicy.CalendarRules(7, 0, 0, 0),
                        java.time.ZoneId.of("UTC"),
                        1));
    }

    @Test
    void refusesAWindowThatIsNone() {
        assertThat(problems("[cluster.main]\npgdata = \"/data\"\nkeep.window = \"soon\"\n"))
                .containsExactly("FILE:3:1: invalid value \"soon\" of \"cluster.main.keep.window\", must be a length of"
                        + " time like \"4 weeks\", \"30 days\" or \"6 months\"");
    }
}
