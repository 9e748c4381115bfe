package org.pgark.cli.restore;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pgark.cli.upstream.FilterFile;
import org.pgark.cli.upstream.GivenOption;
import org.pgark.cli.upstream.OptionReader;
import org.pgark.cli.upstream.OptionTable;
import org.pgark.cli.upstream.OptionValue;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.cli.upstream.UpstreamVersion;
import org.pgark.cli.upstream.UsageException;
import org.pgark.logical.archive.ArchiveFormat;
import org.pgark.logical.archive.Section;
import org.pgark.logical.restore.Need;
import org.pgark.logical.restore.RestoreOptions;
import org.pgark.logical.restore.RestoreOptions.NameKind;
import org.pgark.logical.restore.RestoreSwitch;

/** pg_restore's command line: every option, and which of them do not go together. */
final class PgRestoreOptions {
    private static final int KEY_LETTERS = 63;
    private static final String LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static final OptionTable TABLE = OptionTable.builder()
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
            .ownValue("compat")
            .build();

    private static final Map<String, RestoreSwitch> SWITCHES = Map.ofEntries(
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
    private static final List<List<String>> CONFLICTS = List.of(
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
    private static final Set<String> SCRIPT_OPTIONS = Set.of(
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

    private static final Map<String, String> LETTERED = Map.of(
            "schema-only", "-s/--schema-only",
            "data-only", "-a/--data-only",
            "clean", "-c/--clean",
            "create", "-C/--create",
            "single-transaction", "-1/--single-transaction",
            "dbname", "-d/--dbname",
            "file", "-f/--file");

    private final ProgramRun run;
    private final RestoreOptions.Builder builder = RestoreOptions.builder();
    private final Set<String> given = new HashSet<>();
    private final Map<Field, String> fields = new EnumMap<>(Field.class);
    private int jobs = 1;
    private UpstreamVersion version;
    private boolean neverAsksPassword;
    private boolean asksPassword;
    private Optional<ArchiveFormat> format = Optional.empty();
    private RestoreOptions restore = RestoreOptions.builder().build();

    /** Options whose value is kept as it is. */
    private enum Field {
        INPUT,
        DATABASE,
        OUTPUT,
        FORMAT,
        HOST,
        PORT,
        USER,
        LIST_FILE,
        RESTRICT_KEY
    }

    private PgRestoreOptions(ProgramRun run) {
        this.run = run;
        this.version = run.version();
    }

    static PgRestoreOptions parse(ProgramRun run) throws ProgramException, UsageException {
        PgRestoreOptions options = new PgRestoreOptions(run);
        OptionReader reader = run.options(TABLE);
        for (Optional<GivenOption> option = reader.next(); option.isPresent(); option = reader.next()) {
            options.take(option.get());
        }
        List<String> operands = reader.operands();
        if (operands.size() > 1) {
            throw new ProgramException("too many command-line arguments (first is \"" + operands.get(1) + "\")")
                    .withHelpHint();
        }
        operands.stream().findFirst().ifPresent(name -> options.fields.put(Field.INPUT, name));
        options.check();
        options.finish();
        return options;
    }

    private void take(GivenOption option) throws ProgramException {
        given.add(option.name());
        RestoreSwitch found = SWITCHES.get(option.name());
        if (found != null) {
            builder.with(found, true);
            return;
        }
        switch (option.name()) {
            case "dbname" -> fields.put(Field.DATABASE, option.value());
            case "file" -> fields.put(Field.OUTPUT, option.value());
            case "format" -> putUnlessEmpty(Field.FORMAT, option.value());
            case "host" -> putUnlessEmpty(Field.HOST, option.value());
            case "port" -> putUnlessEmpty(Field.PORT, option.value());
            case "username" -> fields.put(Field.USER, option.value());
            case "use-list" -> fields.put(Field.LIST_FILE, option.value());
            case "restrict-key" -> fields.put(Field.RESTRICT_KEY, option.value());
            case "function" -> builder.name(NameKind.FUNCTION, bytes(option.value()));
            case "index" -> builder.name(NameKind.INDEX, bytes(option.value()));
            case "trigger" -> builder.name(NameKind.TRIGGER, bytes(option.value()));
            case "table" -> builder.name(NameKind.TABLE, bytes(option.value()));
            case "schema" -> builder.name(NameKind.SCHEMA, bytes(option.value()));
            case "exclude-schema" -> builder.name(NameKind.EXCLUDED_SCHEMA, bytes(option.value()));
            case "superuser" -> builder.superuser(bytes(option.value()));
            case "role" -> builder.role(bytes(option.value()));
            case "section" -> builder.section(section(option.value()));
            case "filter" -> readFilter(option.value());
            case "jobs" -> jobs = OptionValue.integer(option.value(), "-j/--jobs", 1, Integer.MAX_VALUE);
            case "transaction-size" -> {
                builder.transactionSize(
                        OptionValue.integer(option.value(), "--transaction-size", 1, Integer.MAX_VALUE));
                builder.with(RestoreSwitch.EXIT_ON_ERROR, true);
            }
            case "single-transaction" -> {
                builder.with(RestoreSwitch.SINGLE_TRANSACTION, true);
                builder.with(RestoreSwitch.EXIT_ON_ERROR, true);
            }
            case "verbose" -> {
                builder.with(RestoreSwitch.VERBOSE, true);
                run.log().increaseVerbosity();
            }
            case "no-password" -> {
                neverAsksPassword = true;
                asksPassword = false;
            }
            case "password" -> {
                asksPassword = true;
                neverAsksPassword = false;
            }
            case "compat" -> version = UpstreamVersion.parse(option.value(), "--compat");
            default -> {
                // Looked up in what was given.
            }
        }
    }

    private void putUnlessEmpty(Field field, String value) {
        if (!value.isEmpty()) {
            fields.put(field, value);
        }
    }

    /** Names meet those of archives as bytes, one a character. */
    private static String bytes(String name) {
        return new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static Section section(String name) throws ProgramException {
        return switch (name) {
            case "pre-data" -> Section.PRE_DATA;
            case "data" -> Section.DATA;
            case "post-data" -> Section.POST_DATA;
            default -> throw new ProgramException("unrecognized section name: \"" + name + "\"").withHelpHint();
        };
    }

    private void readFilter(String file) throws ProgramException {
        try (FilterFile filter = FilterFile.open(file, run.standardInput())) {
            for (Optional<FilterFile.Item> item = filter.next(); item.isPresent(); item = filter.next()) {
                takeFilter(filter, item.get());
            }
        } catch (java.io.IOException e) {
            throw new ProgramException("could not close filter file \"" + file + "\": " + e.getMessage());
        }
    }

    private void takeFilter(FilterFile filter, FilterFile.Item item) throws ProgramException {
        String name = bytes(item.pattern());
        if (!item.include()) {
            if (!item.type().equals("schema")) {
                throw filter.notAllowed(item);
            }
            builder.name(NameKind.EXCLUDED_SCHEMA, name);
            return;
        }
        switch (item.type()) {
            case "function" -> builder.name(NameKind.FUNCTION, name);
            case "index" -> builder.name(NameKind.INDEX, name);
            case "schema" -> builder.name(NameKind.SCHEMA, name);
            case "table" -> builder.name(NameKind.TABLE, name);
            case "trigger" -> builder.name(NameKind.TRIGGER, name);
            default -> throw filter.notAllowed(item);
        }
    }

    private static String shown(String option) {
        return LETTERED.getOrDefault(option, "--" + option);
    }

    private static ProgramException conflict(String one, String other) {
        return new ProgramException("options " + shown(one) + " and " + shown(other) + " cannot be used together");
    }

    private void check() throws ProgramException {
        if (!has("dbname") && !has("file") && !has("list")) {
            throw new ProgramException("one of -d/--dbname and -f/--file must be specified");
        }
        if (has("dbname")) {
            if (has("file")) {
                throw conflict("dbname", "file").withHelpHint();
            }
            if (has("restrict-key")) {
                throw conflict("dbname", "restrict-key");
            }
        } else {
            String key = fields.computeIfAbsent(Field.RESTRICT_KEY, _ -> randomKey());
            if (key.isEmpty() || !key.chars().allMatch(letter -> LETTERS.indexOf(letter) >= 0)) {
                throw new ProgramException("invalid restrict key");
            }
        }
        for (List<String> pair : CONFLICTS) {
            if (has(pair.getFirst()) && has(pair.getLast())) {
                throw conflict(pair.getFirst(), pair.getLast());
            }
        }
        if (has("single-transaction") && jobs > 1) {
            throw new ProgramException("cannot specify both --single-transaction and multiple jobs");
        }
        if (has("if-exists") && !has("clean")) {
            throw new ProgramException("option --if-exists requires option -c/--clean");
        }
    }

    private boolean has(String option) {
        return given.contains(option);
    }

    private static String randomKey() {
        SecureRandom random = new SecureRandom();
        StringBuilder key = new StringBuilder();
        for (int index = 0; index < KEY_LETTERS; index++) {
            key.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return key.toString();
    }

    private void finish() throws ProgramException {
        boolean schemaOnly = has("schema-only");
        boolean dataOnly = has("data-only");
        boolean statisticsOnly = has("statistics-only");
        builder.content(Need.DATA, ((!schemaOnly && !statisticsOnly) || dataOnly) && !has("no-data"));
        builder.content(Need.SCHEMA, ((!dataOnly && !statisticsOnly) || schemaOnly) && !has("no-schema"));
        builder.content(
                Need.STATISTICS,
                ((!schemaOnly && !dataOnly) || statisticsOnly || has("statistics")) && !has("no-statistics"));
        builder.restrictKey(has("dbname") ? "" : fields.getOrDefault(Field.RESTRICT_KEY, ""));
        builder.release(version.major());
        format = format(fields.getOrDefault(Field.FORMAT, ""));
        restore = builder.build();
    }

    private Optional<ArchiveFormat> format(String name) throws ProgramException {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "" -> Optional.empty();
            case "c", "custom" -> Optional.of(ArchiveFormat.CUSTOM);
            case "d", "directory" -> Optional.of(ArchiveFormat.DIRECTORY);
            case "t", "tar" -> Optional.of(ArchiveFormat.TAR);
            case "p", "plain" ->
                throw new ProgramException("archive format \"" + name + "\" is not supported; please use psql");
            default ->
                throw new ProgramException(
                        "unrecognized archive format \"" + name + "\"; please specify \"c\", \"d\", or \"t\"");
        };
    }

    RestoreOptions restore() {
        return restore;
    }

    Optional<ArchiveFormat> format() {
        return format;
    }

    int jobs() {
        return jobs;
    }

    boolean lists() {
        return has("list");
    }

    boolean goesToServer() {
        return has("dbname");
    }

    /** Whether any option leaves out a part of an archive, or changes how it is put out: no script can follow it. */
    boolean choosesAmongEntries() {
        return given.stream().anyMatch(option -> !SCRIPT_OPTIONS.contains(option));
    }

    boolean isInOneTransaction() {
        return has("single-transaction");
    }

    boolean asksPassword() {
        return asksPassword;
    }

    boolean neverAsksPassword() {
        return neverAsksPassword;
    }

    Optional<String> input() {
        return field(Field.INPUT);
    }

    Optional<String> output() {
        return field(Field.OUTPUT);
    }

    Optional<String> listFile() {
        return field(Field.LIST_FILE);
    }

    Optional<String> database() {
        return field(Field.DATABASE);
    }

    Optional<String> host() {
        return field(Field.HOST);
    }

    Optional<String> port() {
        return field(Field.PORT);
    }

    Optional<String> user() {
        return field(Field.USER);
    }

    private Optional<String> field(Field field) {
        return Optional.ofNullable(fields.get(field));
    }
}
