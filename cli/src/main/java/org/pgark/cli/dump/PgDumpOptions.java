package org.pgark.cli.dump;

import java.io.IOException;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
import org.pgark.logical.archive.Compression;
import org.pgark.logical.archive.CompressionMethod;
import org.pgark.logical.archive.Section;
import org.pgark.logical.catalog.DumpOptions;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.PatternUse;
import org.pgark.logical.restore.Need;
import org.pgark.logical.restore.RestoreOptions;
import org.pgark.logical.restore.RestoreSwitch;
import org.pgark.postgres.PostgresMajor;

/** pg_dump's command line: every option, and which of them do not go together. */
final class PgDumpOptions {
    /** What the dump becomes. */
    enum Format {
        PLAIN,
        CUSTOM,
        DIRECTORY,
        TAR
    }

    /** Options whose value is kept as it is. */
    enum Field {
        DATABASE,
        FILE,
        FORMAT,
        HOST,
        PORT,
        USER,
        COMPRESS,
        RESTRICT_KEY
    }

    private final ProgramRun run;
    private final DumpOptions.Builder builder = DumpOptions.builder();
    private final RestoreOptions.Builder script = RestoreOptions.builder();
    private final Set<String> given = new HashSet<>();
    private final Map<Field, String> fields = new EnumMap<>(Field.class);
    private UpstreamVersion version;
    private int jobs = 1;
    private boolean neverAsksPassword;
    private boolean asksPassword;
    private Format format = Format.PLAIN;
    private Compression compression = Compression.NONE;

    private PgDumpOptions(ProgramRun run) {
        this.run = run;
        this.version = run.version();
    }

    static PgDumpOptions parse(ProgramRun run) throws ProgramException, UsageException {
        PgDumpOptions options = new PgDumpOptions(run);
        OptionReader reader = run.options(PgDumpTable.OPTIONS);
        for (Optional<GivenOption> option = reader.next(); option.isPresent(); option = reader.next()) {
            options.take(option.get());
        }
        List<String> operands = reader.operands();
        boolean named = options.fields.containsKey(Field.DATABASE);
        if (!operands.isEmpty() && !named) {
            options.fields.put(Field.DATABASE, operands.getFirst());
        }
        if (operands.size() > (named ? 0 : 1)) {
            throw new ProgramException(
                            "too many command-line arguments (first is \"" + operands.get(named ? 0 : 1) + "\")")
                    .withHelpHint();
        }
        options.check();
        options.finish();
        return options;
    }

    private void take(GivenOption option) throws ProgramException {
        given.add(option.name());
        DumpSwitch found = PgDumpTable.SWITCHES.get(option.name());
        if (found != null) {
            builder.with(found);
            return;
        }
        PatternUse use = PgDumpTable.PATTERNS.get(option.name());
        if (use != null) {
            builder.pattern(use, option.value());
            return;
        }
        Field field = PgDumpTable.FIELDS.get(option.name());
        if (field != null) {
            fields.put(field, option.value());
            return;
        }
        switch (option.name()) {
            case "encoding" -> builder.encoding(option.value());
            case "role" -> builder.role(option.value());
            case "snapshot" -> builder.snapshot(option.value());
            case "lock-wait-timeout" -> builder.lockWaitTimeout(option.value());
            case "superuser" -> script.superuser(option.value());
            case "section" -> script.section(section(option.value()));
            case "filter" -> readFilter(option.value());
            case "jobs" -> jobs = OptionValue.integer(option.value(), "-j/--jobs", 1, Integer.MAX_VALUE);
            case "extra-float-digits" ->
                builder.extraFloatDigits(OptionValue.integer(option.value(), "--extra-float-digits", -15, 3));
            case "inserts" -> builder.inserts();
            case "rows-per-insert" ->
                builder.rowsPerInsert(OptionValue.integer(option.value(), "--rows-per-insert", 1, Integer.MAX_VALUE));
            case "sync-method" -> OptionValue.syncMethod(option.value());
            case "verbose" -> {
                script.with(RestoreSwitch.VERBOSE, true);
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
                // looked up in what was given
            }
        }
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
                PatternUse use = PgDumpTable.filterUse(item.get());
                if (use == null) {
                    throw filter.notAllowed(item.get());
                }
                if (use == PatternUse.INCLUDE_EXTENSION) {
                    builder.extensionBesides(item.get().pattern());
                } else {
                    builder.pattern(use, item.get().pattern());
                }
            }
        } catch (IOException e) {
            throw new ProgramException("could not close filter file \"" + file + "\": " + e.getMessage());
        }
    }

    private boolean has(String option) {
        return given.contains(option);
    }

    private void check() throws ProgramException {
        if (has("column-inserts")) {
            builder.inserts();
        }
        for (List<String> pair : PgDumpTable.CONFLICTS) {
            if (has(pair.getFirst()) && has(pair.getLast())) {
                throw conflict(pair.getFirst(), pair.getLast());
            }
        }
        boolean foreignData = builder.hasPatterns(PatternUse.INCLUDE_FOREIGN_DATA);
        if (has("schema-only") && foreignData) {
            throw conflict("schema-only", "include-foreign-data");
        }
        if (jobs > 1 && foreignData) {
            throw new ProgramException("option --include-foreign-data is not supported with parallel backup");
        }
        if (has("data-only") && has("clean")) {
            throw conflict("clean", "data-only");
        }
        if (has("if-exists") && !has("clean")) {
            throw new ProgramException("option --if-exists requires option -c/--clean");
        }
        if (has("on-conflict-do-nothing") && builder.rowsPerInsert() == 0) {
            throw new ProgramException(
                    "option --on-conflict-do-nothing requires option --inserts, --rows-per-insert, or"
                            + " --column-inserts");
        }
    }

    private static ProgramException conflict(String one, String other) {
        return new ProgramException(
                "options " + PgDumpTable.shown(one) + " and " + PgDumpTable.shown(other) + " cannot be used together");
    }

    private void finish() throws ProgramException {
        format = format(fields.getOrDefault(Field.FORMAT, "p"));
        chooseKey();
        boolean compressed = format == Format.CUSTOM || format == Format.DIRECTORY;
        String asked = fields.getOrDefault(Field.COMPRESS, "");
        compression = asked.isEmpty() ? (compressed ? Compression.DEFAULT : Compression.NONE) : compression(asked);
        if (format != Format.DIRECTORY && jobs > 1) {
            throw new ProgramException("parallel backup only supported by the directory format");
        }
        boolean schemaOnly = has("schema-only");
        boolean dataOnly = has("data-only");
        boolean statisticsOnly = has("statistics-only");
        boolean data = ((!schemaOnly && !statisticsOnly) || dataOnly) && !has("no-data");
        boolean schema = ((!dataOnly && !statisticsOnly) || schemaOnly) && !has("no-schema");
        boolean statistics = (statisticsOnly || has("statistics")) && !has("no-statistics");
        if (statistics && version.major().compareTo(PostgresMajor.V18) < 0) {
            throw new ProgramException("statistics cannot be dumped for version "
                    + version.major().number() + ": servers take them from 18 on");
        }
        builder.contents(schema, data, statistics)
                .jobs(jobs)
                .emulated(version.major().number());
        if (format != Format.PLAIN) {
            builder.with(DumpSwitch.CREATE_DATABASE);
        }
        script.content(Need.SCHEMA, schema).content(Need.DATA, data).content(Need.STATISTICS, statistics);
        for (Map.Entry<String, RestoreSwitch> option : PgDumpTable.SCRIPT_SWITCHES.entrySet()) {
            script.with(option.getValue(), has(option.getKey()));
        }
        if (format != Format.PLAIN) {
            script.with(RestoreSwitch.CREATE, true);
        }
        script.with(RestoreSwitch.SUPPRESS_DUMP_WARNINGS, true);
        script.restrictKey(format == Format.PLAIN ? fields.getOrDefault(Field.RESTRICT_KEY, "") : "");
        script.release(version.major());
    }

    /** Up to 15 there is only gzip, and a level is all that can be said. */
    private Compression compression(String text) throws ProgramException {
        if (version.major().compareTo(PostgresMajor.V16) >= 0) {
            return CompressionText.parse(text, run.log());
        }
        int level = OptionValue.integer(text, "-Z/--compress", 0, 9);
        return level == 0 ? Compression.NONE : new Compression(CompressionMethod.GZIP, OptionalInt.of(level), false);
    }

    private void chooseKey() throws ProgramException {
        if (format != Format.PLAIN) {
            if (fields.containsKey(Field.RESTRICT_KEY)) {
                throw new ProgramException("option --restrict-key can only be used with --format=plain");
            }
            return;
        }
        fields.put(Field.RESTRICT_KEY, RestrictKey.of(field(Field.RESTRICT_KEY)).text());
    }

    private static Format format(String name) throws ProgramException {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "c", "custom" -> Format.CUSTOM;
            case "d", "directory" -> Format.DIRECTORY;
            case "p", "plain", "a", "append" -> Format.PLAIN;
            case "t", "tar" -> Format.TAR;
            default -> throw new ProgramException("invalid output format \"" + name + "\" specified");
        };
    }

    DumpOptions dump() {
        return builder.build();
    }

    /** What the script or archive is made of, of all that the dump has. */
    RestoreOptions script() {
        return script.build();
    }

    Format format() {
        return format;
    }

    /** Whether a script goes to the end of its file: pg_dumpall asks for it. */
    boolean appends() {
        String name = fields.getOrDefault(Field.FORMAT, "").toLowerCase(Locale.ROOT);
        return name.equals("a") || name.equals("append");
    }

    Compression compression() {
        return compression;
    }

    UpstreamVersion version() {
        return version;
    }

    int jobs() {
        return jobs;
    }

    boolean isDurable() {
        return !has("no-sync");
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

    Optional<String> field(Field field) {
        return Optional.ofNullable(fields.get(field));
    }
}
