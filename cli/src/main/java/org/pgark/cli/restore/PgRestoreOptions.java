package org.pgark.cli.restore;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pgark.cli.upstream.ConnectionChoice;
import org.pgark.cli.upstream.FilterFile;
import org.pgark.cli.upstream.GivenOption;
import org.pgark.cli.upstream.OptionReader;
import org.pgark.cli.upstream.OptionValue;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.cli.upstream.RestrictKey;
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
    private final ProgramRun run;
    private final RestoreOptions.Builder builder = RestoreOptions.builder();
    private final Set<String> given = new HashSet<>();
    private final Map<Field, String> fields = new EnumMap<>(Field.class);
    private final List<String> forEachDatabase = new ArrayList<>();
    private final List<String> excludedDatabases = new ArrayList<>();
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
        OptionReader reader = run.options(PgRestoreTable.OPTIONS);
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
        if (!PgRestoreTable.OF_ONE_DATABASE.contains(option.name())) {
            forEachDatabase.add("--" + option.name()
                    + option.argument().map(value -> "=" + value).orElse(""));
        }
        RestoreSwitch found = PgRestoreTable.SWITCHES.get(option.name());
        if (found != null) {
            builder.with(found, true);
            return;
        }
        switch (option.name()) {
            case "exclude-database" -> excludedDatabases.add(option.value());
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

    private static ProgramException conflict(String one, String other) {
        return new ProgramException("options " + PgRestoreTable.shown(one) + " and " + PgRestoreTable.shown(other)
                + " cannot be used together");
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
            fields.put(
                    Field.RESTRICT_KEY,
                    RestrictKey.of(field(Field.RESTRICT_KEY)).text());
        }
        for (List<String> pair : PgRestoreTable.CONFLICTS) {
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
        return given.stream().anyMatch(option -> !PgRestoreTable.SCRIPT_OPTIONS.contains(option));
    }

    /** The words by which each database of a whole server is restored as these options say. */
    List<String> forEachDatabase() {
        return List.copyOf(forEachDatabase);
    }

    /** Patterns of names of databases that are left out. */
    List<String> excludedDatabases() {
        return List.copyOf(excludedDatabases);
    }

    boolean leavesOutDatabases() {
        return has("globals-only");
    }

    /** Whether options choose among what one database has: they mean nothing for a whole server. */
    boolean choosesObjects() {
        return given.stream().anyMatch(PgRestoreTable.CHOOSING::contains);
    }

    UpstreamVersion version() {
        return version;
    }

    boolean isInOneTransaction() {
        return has("single-transaction");
    }

    ConnectionChoice connection() {
        return new ConnectionChoice(
                field(Field.DATABASE),
                field(Field.HOST),
                field(Field.PORT),
                field(Field.USER),
                asksPassword,
                neverAsksPassword);
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

    private Optional<String> field(Field field) {
        return Optional.ofNullable(fields.get(field));
    }
}
