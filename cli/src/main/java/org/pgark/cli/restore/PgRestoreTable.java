package org.pgark.cli.restore;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pgark.cli.upstream.OptionTable;
import org.pgark.logical.restore.RestoreSwitch;

/** What pg_restore's options are called and stand for. */
final class PgRestoreTable {
    static final OptionTable OPTIONS = OptionTable.builder()
            .flag('c', "clean")
            .flag('C', "create")
            .flag('a', "data-only")
            .value('d', "dbname")
            .flag('e', "exit-on-error")
            .value('N', "exclude-schema")
            .value('f', "file")
            .value('F', "format")
            .value('P', "function")
            .value('h', "host")
            .value('I', "index")
            .value('j', "jobs")
            .flag('l', "list")
            .flag('x', "no-privileges")
            .alias("no-acl", "no-privileges")
            .flag('O', "no-owner")
            .flag('R', "no-reconnect")
            .value('p', "port")
            .flag('w', "no-password")
            .flag('W', "password")
            .value('n', "schema")
            .flag('s', "schema-only")
            .value('S', "superuser")
            .value('t', "table")
            .value('T', "trigger")
            .value('L', "use-list")
            .value('U', "username")
            .flag('v', "verbose")
            .flag('1', "single-transaction")
            .flag("disable-triggers")
            .flag("enable-row-security")
            .flag("if-exists")
            .flag("no-data-for-failed-tables")
            .flag("no-table-access-method")
            .flag("no-tablespaces")
            .value("role")
            .value("section")
            .flag("strict-names")
            .value("transaction-size")
            .flag("use-set-session-authorization")
            .flag("no-comments")
            .flag("no-data")
            .flag("no-policies")
            .flag("no-publications")
            .flag("no-schema")
            .flag("no-security-labels")
            .flag("no-subscriptions")
            .flag("no-statistics")
            .flag("statistics")
            .flag("statistics-only")
            .value("filter")
            .value("restrict-key")
            .flag('g', "globals-only")
            .value("exclude-database")
            .ownValue("compat")
            .build();

    static final Map<String, RestoreSwitch> SWITCHES = Map.ofEntries(
            Map.entry("clean", RestoreSwitch.CLEAN),
            Map.entry("create", RestoreSwitch.CREATE),
            Map.entry("exit-on-error", RestoreSwitch.EXIT_ON_ERROR),
            Map.entry("no-privileges", RestoreSwitch.NO_PRIVILEGES),
            Map.entry("no-owner", RestoreSwitch.NO_OWNER),
            Map.entry("disable-triggers", RestoreSwitch.DISABLE_TRIGGERS),
            Map.entry("enable-row-security", RestoreSwitch.ENABLE_ROW_SECURITY),
            Map.entry("if-exists", RestoreSwitch.IF_EXISTS),
            Map.entry("no-data-for-failed-tables", RestoreSwitch.NO_DATA_FOR_FAILED_TABLES),
            Map.entry("no-table-access-method", RestoreSwitch.NO_TABLE_ACCESS_METHOD),
            Map.entry("no-tablespaces", RestoreSwitch.NO_TABLESPACES),
            Map.entry("strict-names", RestoreSwitch.STRICT_NAMES),
            Map.entry("use-set-session-authorization", RestoreSwitch.USE_SET_SESSION_AUTHORIZATION),
            Map.entry("no-comments", RestoreSwitch.NO_COMMENTS),
            Map.entry("no-policies", RestoreSwitch.NO_POLICIES),
            Map.entry("no-publications", RestoreSwitch.NO_PUBLICATIONS),
            Map.entry("no-security-labels", RestoreSwitch.NO_SECURITY_LABELS),
            Map.entry("no-subscriptions", RestoreSwitch.NO_SUBSCRIPTIONS));

    /** Pairs that contradict each other, in the order in which they are looked for. */
    static final List<List<String>> CONFLICTS = List.of(
            List.of("schema-only", "data-only"),
            List.of("schema-only", "statistics-only"),
            List.of("data-only", "statistics-only"),
            List.of("data-only", "no-data"),
            List.of("schema-only", "no-schema"),
            List.of("statistics-only", "no-statistics"),
            List.of("statistics", "no-statistics"),
            List.of("data-only", "statistics"),
            List.of("schema-only", "statistics"),
            List.of("clean", "data-only"),
            List.of("single-transaction", "transaction-size"),
            List.of("create", "single-transaction"));

    /** The options that mean something for a plain script. */
    static final Set<String> SCRIPT_OPTIONS = Set.of(
            "dbname",
            "host",
            "port",
            "username",
            "no-password",
            "password",
            "verbose",
            "exit-on-error",
            "single-transaction",
            "compat");

    /** What is not passed on where each database of a whole server is restored. */
    static final Set<String> OF_ONE_DATABASE = Set.of(
            "dbname", "file", "create", "globals-only", "exclude-database", "host", "port", "username", "compat");

    /** What chooses objects of one database. */
    static final Set<String> CHOOSING = Set.of(
            "exclude-schema",
            "function",
            "index",
            "schema",
            "table",
            "trigger",
            "use-list",
            "list",
            "filter",
            "strict-names");

    private static final Map<String, String> LETTERED = Map.of(
            "schema-only", "-s/--schema-only",
            "data-only", "-a/--data-only",
            "clean", "-c/--clean",
            "create", "-C/--create",
            "single-transaction", "-1/--single-transaction",
            "dbname", "-d/--dbname",
            "file", "-f/--file");

    private PgRestoreTable() {}

    /** An option as messages name it. */
    static String shown(String option) {
        return LETTERED.getOrDefault(option, "--" + option);
    }
}
