package org.pgark.cli.configuration;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.pgark.postgres.connection.ConnectionOption;

/** Writes docs/configuration.md from the declarations of the keys. */
final class ConfigurationDocument {
    private static final String INTRODUCTION = """
        # Configuration

        <!-- Generated from the declarations of the keys; a test holds the two together. -->

        pgark reads one file in [TOML](https://toml.io), the first of these that exists:

        1. the file that `--config FILE` names
        2. the file that the variable `PGARK_CONFIG` names
        3. `~/.config/pgark/pgark.toml`
        4. `/etc/pgark/pgark.toml`

        A file that is named must exist. `pgark init` writes the file, or extends it and leaves the rest of it alone.

        ```toml
        [repository.main]
        url = "file:/var/lib/pgark/repository"

        [cluster.main]
        pgdata = "/var/lib/postgresql/15/main"
        repository = "main"

        [backup]
        jobs = 2
        ```

        - `NAME` is a name that you choose: `a-z`, `0-9` and `_`, the first a letter.
        - Every key is also an environment variable, which counts before the file; `NAME` stands in it in capitals, as in
          `PGARK_REPOSITORY_MAIN_URL`. Options of a command count before both.
        - Unknown keys and values of the wrong kind are errors. All of them are told at once, with line and column, and
          the exit code is 2.
        - A file that holds a password, or a command that gets at a key, must not be readable by others: its mode must be
          0640 or less.
        - Times are written as `500ms`, `30s`, `5m`, `2h` or `7d`, sizes as `512B`, `64KiB`, `16MiB`, `2GiB` or `1TiB` (`kB`, `MB`, `GB`, `TB` are the same units, as in PostgreSQL).

        ## Keys
        """;

    private static final String CONNECTIONS = """

        ## Connections

        A connection string is read as libpq reads it: what it leaves out comes from the service that it names
        (`~/.pg_service.conf`, then `pg_service.conf` of the system), then from the `PG...` variables, then from the
        defaults: the operating system's user, the database of the user's name, port 5432, and the Unix socket in
        `/var/run/postgresql` or `/tmp`. A password may also come from the pass file `~/.pgpass`; one that others may read
        is refused. Where no `connect_timeout` is set, a server that does not answer is given up after 30 seconds.

        """;

    private ConfigurationDocument() {}

    static String text() {
        StringBuilder text = new StringBuilder(INTRODUCTION);
        String table = "";
        for (ConfigurationKey<?> key : ConfigurationKeys.ALL) {
            int dot = key.pattern().lastIndexOf('.');
            if (!table.equals(key.pattern().substring(0, dot))) {
                table = key.pattern().substring(0, dot);
                text.append(String.format(Locale.ROOT, "%n### `[%s]`%n", table));
            }
            text.append(String.format(
                    Locale.ROOT,
                    "%n**`%s`**: %s%n%n- value: %s%n- default: %s%n- variable: `%s`%n",
                    key.pattern().substring(dot + 1),
                    key.help(),
                    key.type().form(),
                    key.defaultValue().description(),
                    key.variable()));
        }
        return text.append(CONNECTIONS)
                .append("- followed: ")
                .append(keywords(ConnectionOption::isFollowed))
                .append("\n- taken, but without effect: ")
                .append(keywords(option -> !option.isFollowed() && !option.isRefused()))
                .append("\n- refused where they are set: ")
                .append(keywords(ConnectionOption::isRefused))
                .append('\n')
                .toString();
    }

    private static String keywords(Predicate<ConnectionOption> condition) {
        return Arrays.stream(ConnectionOption.values())
                .filter(condition)
                .map(option -> "`" + option.keyword() + "`")
                .collect(Collectors.joining(", "));
    }
}
