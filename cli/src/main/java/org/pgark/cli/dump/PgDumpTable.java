package org.pgark.cli.dump;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pgark.cli.dump.PgDumpOptions.Field;
import org.pgark.cli.upstream.FilterFile;
import org.pgark.cli.upstream.OptionTable;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.PatternUse;
import org.pgark.logical.restore.RestoreSwitch;

/** What pg_dump's options are called and stand for. */
final class PgDumpTable {
    static final OptionTable OPTIONS = OptionTable.builder()
            .flag('a', "data-only")
            .flag('b', "large-objects")
            .alias("blobs", "large-objects")
            .flag('B', "no-large-objects")
            .alias("no-blobs", "no-large-objects")
            .flag('c', "clean")
            .flag('C', "create")
            .value('d', "dbname")
            .value('e', "extension")
            .value('f', "file")
            .value('F', "format")
            .value('h', "host")
            .value('j', "jobs")
            .flag('R', "no-reconnect")
            .flag('O', "no-owner")
            .value('p', "port")
            .value('n', "schema")
            .value('N', "exclude-schema")
            .flag('s', "schema-only")
            .value('S', "superuser")
            .value('t', "table")
            .value('T', "exclude-table")
            .flag('w', "no-password")
            .flag('W', "password")
            .value('U', "username")
            .flag('v', "verbose")
            .flag('x', "no-privileges")
            .alias("no-acl", "no-privileges")
            .value('Z', "compress")
            .value('E', "encoding")
            .flag("column-inserts")
            .alias("attribute-inserts", "column-inserts")
            .flag("binary-upgrade")
            .flag("disable-dollar-quoting")
            .flag("disable-triggers")
            .flag("enable-row-security")
            .value("exclude-table-data")
            .value("extra-float-digits")
            .flag("if-exists")
            .flag("inserts")
            .value("lock-wait-timeout")
            .flag("no-table-access-method")
            .flag("no-tablespaces")
            .flag("quote-all-identifiers")
            .flag("load-via-partition-root")
            .value("role")
            .value("section")
            .flag("serializable-deferrable")
            .value("snapshot")
            .flag("statistics")
            .flag("statistics-only")
            .flag("strict-names")
            .flag("use-set-session-authorization")
            .flag("no-comments")
            .flag("no-data")
            .flag("no-policies")
            .flag("no-publications")
            .flag("no-schema")
            .flag("no-security-labels")
            .flag("no-statistics")
            .flag("no-subscriptions")
            .flag("no-toast-compression")
            .flag("no-unlogged-table-data")
            .flag("no-sync")
            .flag("on-conflict-do-nothing")
            .value("rows-per-insert")
            .value("include-foreign-data")
            .value("table-and-children")
            .value("exclude-table-and-children")
            .value("exclude-table-data-and-children")
            .value("sync-method")
            .value("filter")
            .value("exclude-extension")
            .flag("sequence-data")
            .value("restrict-key")
            .ownValue("compat")
            .build();

    static final Map<String, DumpSwitch> SWITCHES = Map.ofEntries(
            Map.entry("large-objects", DumpSwitch.LARGE_OBJECTS),
            Map.entry("no-large-objects", DumpSwitch.NO_LARGE_OBJECTS),
            Map.entry("clean", DumpSwitch.CLEAN),
            Map.entry("create", DumpSwitch.CREATE_DATABASE),
            Map.entry("no-owner", DumpSwitch.NO_OWNER),
            Map.entry("no-privileges", DumpSwitch.NO_PRIVILEGES),
            Map.entry("column-inserts", DumpSwitch.COLUMN_INSERTS),
            Map.entry("binary-upgrade", DumpSwitch.BINARY_UPGRADE),
            Map.entry("disable-dollar-quoting", DumpSwitch.DISABLE_DOLLAR_QUOTING),
            Map.entry("disable-triggers", DumpSwitch.DISABLE_TRIGGERS),
            Map.entry("enable-row-security", DumpSwitch.ENABLE_ROW_SECURITY),
            Map.entry("if-exists", DumpSwitch.IF_EXISTS),
            Map.entry("no-table-access-method", DumpSwitch.NO_TABLE_ACCESS_METHOD),
            Map.entry("no-tablespaces", DumpSwitch.NO_TABLESPACES),
            Map.entry("quote-all-identifiers", DumpSwitch.QUOTE_ALL_IDENTIFIERS),
            Map.entry("load-via-partition-root", DumpSwitch.LOAD_VIA_PARTITION_ROOT),
            Map.entry("serializable-deferrable", DumpSwitch.SERIALIZABLE_DEFERRABLE),
            Map.entry("strict-names", DumpSwitch.STRICT_NAMES),
            Map.entry("use-set-session-authorization", DumpSwitch.USE_SET_SESSION_AUTHORIZATION),
            Map.entry("no-comments", DumpSwitch.NO_COMMENTS),
            Map.entry("no-policies", DumpSwitch.NO_POLICIES),
            Map.entry("no-publications", DumpSwitch.NO_PUBLICATIONS),
            Map.entry("no-security-labels", DumpSwitch.NO_SECURITY_LABELS),
            Map.entry("no-subscriptions", DumpSwitch.NO_SUBSCRIPTIONS),
            Map.entry("no-toast-compression", DumpSwitch.NO_TOAST_COMPRESSION),
            Map.entry("no-unlogged-table-data", DumpSwitch.NO_UNLOGGED_TABLE_DATA),
            Map.entry("on-conflict-do-nothing", DumpSwitch.ON_CONFLICT_DO_NOTHING),
            Map.entry("sequence-data", DumpSwitch.SEQUENCE_DATA));

    static final Map<String, RestoreSwitch> SCRIPT_SWITCHES = Map.ofEntries(
            Map.entry("clean", RestoreSwitch.CLEAN),
            Map.entry("create", RestoreSwitch.CREATE),
            Map.entry("if-exists", RestoreSwitch.IF_EXISTS),
            Map.entry("no-owner", RestoreSwitch.NO_OWNER),
            Map.entry("no-privileges", RestoreSwitch.NO_PRIVILEGES),
            Map.entry("no-comments", RestoreSwitch.NO_COMMENTS),
            Map.entry("no-policies", RestoreSwitch.NO_POLICIES),
            Map.entry("no-publications", RestoreSwitch.NO_PUBLICATIONS),
            Map.entry("no-security-labels", RestoreSwitch.NO_SECURITY_LABELS),
            Map.entry("no-subscriptions", RestoreSwitch.NO_SUBSCRIPTIONS),
            Map.entry("no-tablespaces", RestoreSwitch.NO_TABLESPACES),
            Map.entry("no-table-access-method", RestoreSwitch.NO_TABLE_ACCESS_METHOD),
            Map.entry("use-set-session-authorization", RestoreSwitch.USE_SET_SESSION_AUTHORIZATION),
            Map.entry("disable-triggers", RestoreSwitch.DISABLE_TRIGGERS),
            Map.entry("enable-row-security", RestoreSwitch.ENABLE_ROW_SECURITY),
            Map.entry("sequence-data", RestoreSwitch.SEQUENCE_DATA),
            Map.entry("quote-all-identifiers", RestoreSwitch.QUOTE_ALL_IDENTIFIERS),
            Map.entry("binary-upgrade", RestoreSwitch.BINARY_UPGRADE));

    static final Map<String, PatternUse> PATTERNS = Map.ofEntries(
            Map.entry("extension", PatternUse.INCLUDE_EXTENSION),
            Map.entry("exclude-extension", PatternUse.EXCLUDE_EXTENSION),
            Map.entry("schema", PatternUse.INCLUDE_SCHEMA),
            Map.entry("exclude-schema", PatternUse.EXCLUDE_SCHEMA),
            Map.entry("table", PatternUse.INCLUDE_TABLE),
            Map.entry("exclude-table", PatternUse.EXCLUDE_TABLE),
            Map.entry("table-and-children", PatternUse.INCLUDE_TABLE_AND_CHILDREN),
            Map.entry("exclude-table-and-children", PatternUse.EXCLUDE_TABLE_AND_CHILDREN),
            Map.entry("exclude-table-data", PatternUse.EXCLUDE_TABLE_DATA),
            Map.entry("exclude-table-data-and-children", PatternUse.EXCLUDE_TABLE_DATA_AND_CHILDREN),
            Map.entry("include-foreign-data", PatternUse.INCLUDE_FOREIGN_DATA));

    static final Map<String, Field> FIELDS = Map.ofEntries(
            Map.entry("dbname", Field.DATABASE),
            Map.entry("file", Field.FILE),
            Map.entry("format", Field.FORMAT),
            Map.entry("host", Field.HOST),
            Map.entry("port", Field.PORT),
            Map.entry("username", Field.USER),
            Map.entry("compress", Field.COMPRESS),
            Map.entry("restrict-key", Field.RESTRICT_KEY));

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
            List.of("schema-only", "statistics"));

    private static final Map<String, String> LETTERED =
            Map.of("schema-only", "-s/--schema-only", "data-only", "-a/--data-only", "clean", "-c/--clean");

    private PgDumpTable() {}

    /** An option as messages name it. */
    static String shown(String option) {
        return LETTERED.getOrDefault(option, "--" + option);
    }

    /** What a line of a filter file means to pg_dump; null where it means nothing. */
    static @Nullable PatternUse filterUse(FilterFile.Item item) {
        return switch (item.type()) {
            case "extension" -> item.include() ? PatternUse.INCLUDE_EXTENSION : PatternUse.EXCLUDE_EXTENSION;
            case "foreign_data" -> item.include() ? PatternUse.INCLUDE_FOREIGN_DATA : null;
            case "schema" -> item.include() ? PatternUse.INCLUDE_SCHEMA : PatternUse.EXCLUDE_SCHEMA;
            case "table" -> item.include() ? PatternUse.INCLUDE_TABLE : PatternUse.EXCLUDE_TABLE;
            case "table_and_children" ->
                item.include() ? PatternUse.INCLUDE_TABLE_AND_CHILDREN : PatternUse.EXCLUDE_TABLE_AND_CHILDREN;
            case "table_data" -> item.include() ? null : PatternUse.EXCLUDE_TABLE_DATA;
            case "table_data_and_children" -> item.include() ? null : PatternUse.EXCLUDE_TABLE_DATA_AND_CHILDREN;
            default -> null;
        };
    }
}
