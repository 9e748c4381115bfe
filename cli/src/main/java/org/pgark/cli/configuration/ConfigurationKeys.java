package org.pgark.cli.configuration;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.pgark.postgres.connection.ConnectionString;
import org.pgark.repository.retention.KeepWindow;
import org.pgark.storage.RepositoryUrl;

/** All keys that there are. */
final class ConfigurationKeys {
    private static final DefaultValue PROCESSORS = new DefaultValue.Described("the number of processors, 4 at most");

    static final ConfigurationKey<Path> CLUSTER_PGDATA = new ConfigurationKey<>(
            "cluster.NAME.pgdata",
            ValueType.folder(),
            new DefaultValue.Described("none; must be set unless `connection` is"),
            "The cluster's data directory on this host. Without it the cluster is one of another host, which is"
                    + " reached by its connection only.");

    static final ConfigurationKey<ConnectionString> CLUSTER_CONNECTION = new ConfigurationKey<>(
                    "cluster.NAME.connection",
                    ValueType.connection(),
                    new DefaultValue.Fixed(""),
                    "How to connect to the cluster's server, as libpq takes it: `keyword=value ...` or a URI. What it"
                            + " leaves out comes from the service file, the `PG...` variables and the pass file, then from"
                            + " libpq's defaults, of which the Unix socket is the usual one.")
            .secretIf(ConnectionString::holdsPassword);

    static final ConfigurationKey<List<String>> CLUSTER_REPOSITORY = new ConfigurationKey<>(
            "cluster.NAME.repository",
            ValueType.names(),
            new DefaultValue.Described("the only repository that is configured, or `main` where none is"),
            "The name of the repository that keeps the cluster's backups and WAL, or of several, the nearest first. See"
                    + " [several repositories](repositories.md).");

    static final ConfigurationKey<String> CLUSTER_REQUIRE = new ConfigurationKey<>(
            "cluster.NAME.require",
            ValueType.matching(ValueType.NAME_FORM, "\"all\", \"any\" or the name of a repository"),
            new DefaultValue.Fixed("all"),
            "With several repositories: which of them must have a WAL file before the server may remove it, and a"
                    + " backup before it counts as taken.");

    static final ConfigurationKey<Integer> KEEP_LAST = new ConfigurationKey<>(
            "cluster.NAME.keep.last",
            ValueType.wholeNumber(0, 100_000),
            new DefaultValue.Fixed("0"),
            "How many of the newest backups `pgark expire` keeps, with all WAL since the oldest of them; 0 is no rule."
                    + " Where no rule is given, everything is kept. See [retention](retention.md).");

    static final ConfigurationKey<KeepWindow> KEEP_WINDOW = new ConfigurationKey<>(
            "cluster.NAME.keep.window",
            new ValueType<>("a length of time like \"4 weeks\", \"30 days\" or \"6 months\"", false, KeepWindow::parse),
            new DefaultValue.Described("none"),
            "How far back the cluster can be restored to any instant: the backups and the WAL for that are kept.");

    static final ConfigurationKey<Integer> KEEP_DAILY =
            calendar("daily", "Of how many days that have backups the last backup is kept.");

    static final ConfigurationKey<Integer> KEEP_WEEKLY =
            calendar("weekly", "Of how many weeks that have backups the last backup is kept; weeks begin on Monday.");

    static final ConfigurationKey<Integer> KEEP_MONTHLY =
            calendar("monthly", "Of how many months that have backups the last backup is kept.");

    static final ConfigurationKey<Integer> KEEP_YEARLY =
            calendar("yearly", "Of how many years that have backups the last backup is kept.");

    static final ConfigurationKey<ZoneId> KEEP_TIME_ZONE = new ConfigurationKey<>(
            "cluster.NAME.keep.time-zone",
            new ValueType<>("a time zone like \"Europe/Berlin\" or \"UTC\"", false, ConfigurationKeys::zone),
            new DefaultValue.Fixed("UTC"),
            "In which time zone days, weeks, months and years begin, the same on all hosts.");

    static final ConfigurationKey<Integer> KEEP_MINIMUM = new ConfigurationKey<>(
            "cluster.NAME.keep.minimum",
            ValueType.wholeNumber(1, 100_000),
            new DefaultValue.Fixed("1"),
            "How many usable backups `pgark expire` leaves at least, whatever the other rules say.");

    static final ConfigurationKey<RepositoryUrl> REPOSITORY_URL = new ConfigurationKey<>(
            "repository.NAME.url",
            ValueType.repositoryAddress(),
            new DefaultValue.Fixed("file:/var/lib/pgark/repository"),
            "Where the repository is. It must not be inside a data directory and should be on another disk.");

    static final ConfigurationKey<String> REPOSITORY_ID = new ConfigurationKey<>(
            "repository.NAME.id",
            ValueType.matching("[0-9a-f]{32}", "32 hexadecimal digits in lower case"),
            new DefaultValue.Described("none: any repository that is found there is taken"),
            "The identity that the repository must have, so that another one in its place is noticed.");

    static final ConfigurationKey<String> REPOSITORY_ENCRYPTION = new ConfigurationKey<>(
            "repository.NAME.encryption",
            ValueType.choice(List.of("required", "none")),
            new DefaultValue.Described("`required` where a key or a fingerprint is configured, else `none`"),
            "Whether the repository must be encrypted. A required one that is found unencrypted is refused, before"
                    + " anything is written to it. See [security](security.md).");

    static final ConfigurationKey<String> REPOSITORY_KEY_FINGERPRINT = new ConfigurationKey<>(
            "repository.NAME.key-fingerprint",
            ValueType.matching("[0-9a-f]{32}", "32 hexadecimal digits in lower case"),
            new DefaultValue.Described("none: the keys that the recipient opens are taken"),
            "The fingerprint that the repository's keys must have, so that others in their place are noticed. `pgark"
                    + " init` writes it.");

    static final ConfigurationKey<Path> REPOSITORY_KEY_FILE = new ConfigurationKey<>(
            "repository.NAME.key-file",
            ValueType.folder(),
            new DefaultValue.Described("none"),
            "A file that opens the repository's keys, made by `pgark key create`, or written by `pgark key export`. Its"
                    + " mode must be 0600, or 0640 if it is root's. Where several ways to open the keys are configured,"
                    + " they are tried in the order in which they stand here.");

    static final ConfigurationKey<String> REPOSITORY_PASSPHRASE_COMMAND = new ConfigurationKey<>(
                    "repository.NAME.passphrase-command",
                    ValueType.anyText(),
                    new DefaultValue.Described("none"),
                    "A command of the shell that prints the pass phrase that opens the repository's keys, and nothing"
                            + " else; its first line counts.")
            .secretIf(_ -> true);

    static final ConfigurationKey<String> REPOSITORY_KEY_COMMAND = new ConfigurationKey<>(
                    "repository.NAME.key-command",
                    ValueType.anyText(),
                    new DefaultValue.Described("none"),
                    "A command of the shell that wraps and unwraps the repository's key; see"
                            + " [security](security.md#a-command-of-your-own).")
            .secretIf(_ -> true);

    static final ConfigurationKey<String> REPOSITORY_KMS = new ConfigurationKey<>(
            "repository.NAME.kms",
            ValueType.matching(
                    "(aws-kms|gcp-kms|azure-kms)://.+",
                    "a URI like \"aws-kms://arn:aws:kms:eu-central-1:111122223333:key/...\","
                            + " \"gcp-kms://projects/.../cryptoKeys/...\" or"
                            + " \"azure-kms://VAULT.vault.azure.net/keys/NAME\""),
            new DefaultValue.Described("none"),
            "The key of a key management service that opens the repository's keys; see"
                    + " [security](security.md#key-management-services).");

    static final ConfigurationKey<Integer> BACKUP_JOBS = new ConfigurationKey<>(
            "backup.jobs",
            ValueType.wholeNumber(1, 256),
            PROCESSORS,
            "How many files, or parts of large files, a backup or a restore works on at the same time.");

    static final ConfigurationKey<String> BACKUP_COMPRESSION = new ConfigurationKey<>(
            "backup.compression",
            compression(),
            new DefaultValue.Fixed("zstd:3"),
            "How backups are compressed. A higher level is slower and makes them smaller.");

    static final ConfigurationKey<String> BACKUP_CHECKPOINT = new ConfigurationKey<>(
            "backup.checkpoint",
            ValueType.choice(List.of("fast", "spread")),
            new DefaultValue.Fixed("fast"),
            "Whether a backup begins with an immediate checkpoint, or waits for one that is spread over time and"
                    + " burdens the disks less.");

    static final ConfigurationKey<ByteSize> BACKUP_RATE = new ConfigurationKey<>(
            "backup.rate",
            ValueType.byteSize("0B", "1TiB"),
            new DefaultValue.Fixed("0B"),
            "How much a backup reads in a second at most; 0B is no limit.");

    static final ConfigurationKey<Integer> BACKUP_NICE = new ConfigurationKey<>(
            "backup.nice",
            ValueType.wholeNumber(0, 19),
            new DefaultValue.Fixed("0"),
            "How far a backup steps back when the server wants the processors too: the nice value of its threads.");

    static final ConfigurationKey<TimeSpan> ARCHIVE_PUSH_TIMEOUT = new ConfigurationKey<>(
            "archive.push-timeout",
            ValueType.timeSpan("1s", "1h"),
            new DefaultValue.Fixed("60s"),
            "How long `wal push` waits for a segment to be in the repository before it lets the server try again.");

    static final ConfigurationKey<TimeSpan> ARCHIVE_GET_TIMEOUT = new ConfigurationKey<>(
            "archive.get-timeout",
            ValueType.timeSpan("1s", "1d"),
            new DefaultValue.Fixed("60s"),
            "How long `wal get` goes on trying while the repository cannot be read.");

    static final ConfigurationKey<TimeSpan> ARCHIVE_HISTORY_TIMEOUT = new ConfigurationKey<>(
            "archive.history-timeout",
            ValueType.timeSpan("1s", "1d"),
            new DefaultValue.Fixed("15m"),
            "How long a standby's `wal get` goes on trying to fetch a timeline's history while the repository cannot be"
                    + " read.");

    static final ConfigurationKey<TimeSpan> ARCHIVE_WORKER_IDLE = new ConfigurationKey<>(
            "archive.worker-idle",
            ValueType.timeSpan("1s", "1d"),
            new DefaultValue.Fixed("5m"),
            "How long the archive worker stays when there is nothing to do.");

    static final ConfigurationKey<ByteSize> ARCHIVE_READ_AHEAD = new ConfigurationKey<>(
            "archive.read-ahead",
            ValueType.byteSize("0B", "64GiB"),
            new DefaultValue.Fixed("128MiB"),
            "How much WAL is fetched into the spool before recovery asks for it.");

    static final ConfigurationKey<Integer> ARCHIVE_JOBS = new ConfigurationKey<>(
            "archive.jobs",
            ValueType.wholeNumber(1, 64),
            new DefaultValue.Described("twice the number of processors, 4 at most"),
            "How many segments the archive worker pushes or fetches at the same time.");

    static final ConfigurationKey<String> ARCHIVE_WAL_COMPRESSION = new ConfigurationKey<>(
            "archive.wal-compression",
            compression(),
            new DefaultValue.Fixed("zstd:3"),
            "How WAL segments are compressed.");

    static final ConfigurationKey<ByteSize> ARCHIVE_MAX_BACKLOG = new ConfigurationKey<>(
            "archive.max-backlog",
            ValueType.byteSize("0B", "1TiB"),
            new DefaultValue.Fixed("0B"),
            "How much WAL may wait in pg_wal to be archived, before what `at-max-backlog` says is done; 0B is no limit."
                    + " From half of it on the server's log warns. See"
                    + " [what happens before pg_wal is full](wal-archive.md#before-pg_wal-is-full).");

    static final ConfigurationKey<TimeSpan> ARCHIVE_MAX_BACKLOG_AGE = new ConfigurationKey<>(
            "archive.max-backlog-age",
            ValueType.timeSpan("0s", "365d"),
            new DefaultValue.Fixed("0s"),
            "How long a file may wait in pg_wal to be archived, likewise; 0s is no limit.");

    static final ConfigurationKey<String> ARCHIVE_AT_MAX_BACKLOG = new ConfigurationKey<>(
            "archive.at-max-backlog",
            ValueType.choice(List.of("warn", "any", "give-up")),
            new DefaultValue.Fixed("warn"),
            "What is done when so much waits: `warn` lets the server keep all of it and its log says so; `any` lets go"
                    + " what at least one of several repositories has; `give-up` lets go the oldest, which leaves a hole"
                    + " in the archive.");

    static final List<ConfigurationKey<?>> ALL = all();

    private ConfigurationKeys() {}

    private static List<ConfigurationKey<?>> all() {
        List<ConfigurationKey<?>> all = new ArrayList<>(List.of(
                CLUSTER_PGDATA,
                CLUSTER_CONNECTION,
                CLUSTER_REPOSITORY,
                CLUSTER_REQUIRE,
                KEEP_LAST,
                KEEP_WINDOW,
                KEEP_DAILY,
                KEEP_WEEKLY,
                KEEP_MONTHLY,
                KEEP_YEARLY,
                KEEP_TIME_ZONE,
                KEEP_MINIMUM));
        all.addAll(ReceiveKeys.all());
        all.addAll(List.of(
                REPOSITORY_URL,
                REPOSITORY_ID,
                REPOSITORY_ENCRYPTION,
                REPOSITORY_KEY_FINGERPRINT,
                REPOSITORY_KEY_FILE,
                REPOSITORY_PASSPHRASE_COMMAND,
                REPOSITORY_KEY_COMMAND,
                REPOSITORY_KMS));
        all.addAll(StoreKeys.all());
        all.addAll(List.of(
                BACKUP_JOBS,
                BACKUP_COMPRESSION,
                BACKUP_CHECKPOINT,
                BACKUP_RATE,
                BACKUP_NICE,
                ARCHIVE_PUSH_TIMEOUT,
                ARCHIVE_GET_TIMEOUT,
                ARCHIVE_HISTORY_TIMEOUT,
                ARCHIVE_WORKER_IDLE,
                ARCHIVE_READ_AHEAD,
                ARCHIVE_JOBS,
                ARCHIVE_WAL_COMPRESSION,
                ARCHIVE_MAX_BACKLOG,
                ARCHIVE_MAX_BACKLOG_AGE,
                ARCHIVE_AT_MAX_BACKLOG));
        return List.copyOf(all);
    }

    private static ConfigurationKey<Integer> calendar(String periods, String help) {
        return new ConfigurationKey<>(
                "cluster.NAME.keep." + periods, ValueType.wholeNumber(0, 100_000), new DefaultValue.Fixed("0"), help);
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("unknown", e);
        }
    }

    private static ValueType<String> compression() {
        return ValueType.matching(
                "none|lz4|zstd(:([1-9]|1[0-9]))?",
                "\"none\", \"lz4\", \"zstd\" or \"zstd:LEVEL\" with a level from 1 to 19");
    }
}
