package org.pgark.cli.dumpall;

import java.util.ArrayList;
import java.util.HashMap;
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
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.cli.upstream.UpstreamVersion;
import org.pgark.cli.upstream.UsageException;
import org.pgark.logical.archive.NameQuoting;

/** pg_dumpall's command line, with what of it pg_dump is told. */
final class PgDumpAllOptions {
    private static final OptionTable OPTIONS = OptionTable.builder()
            .flag('a', "data-only")
            .flag('c', "clean")
            .value('E', "encoding")
            .value('f', "file")
            .flag('g', "globals-only")
            .value('h', "host")
            .value('d', "dbname")
            .value('l', "database")
            .flag('O', "no-owner")
            .value('p', "port")
            .flag('r', "roles-only")
            .flag('s', "schema-only")
            .value('S', "superuser")
            .flag('t', "tablespaces-only")
            .value('U', "username")
            .flag('v', "verbose")
            .flag('w', "no-password")
            .flag('W', "password")
            .flag('x', "no-privileges")
            .alias("no-acl", "no-privileges")
            .flag("column-inserts")
            .alias("attribute-inserts", "column-inserts")
            .flag("binary-upgrade")
            .flag("disable-dollar-quoting")
            .flag("disable-triggers")
            .value("exclude-database")
            .value("extra-float-digits")
            .flag("if-exists")
            .flag("inserts")
            .value("lock-wait-timeout")
            .flag("no-table-access-method")
            .flag("no-tablespaces")
            .flag("quote-all-identifiers")
            .flag("load-via-partition-root")
            .value("role")
            .flag("use-set-session-authorization")
            .flag("no-comments")
            .flag("no-data")
            .flag("no-policies")
            .flag("no-publications")
            .flag("no-role-passwords")
            .flag("no-schema")
            .flag("no-security-labels")
            .flag("no-subscriptions")
            .flag("no-statistics")
            .flag("no-sync")
            .flag("no-toast-compression")
            .flag("no-unlogged-table-data")
            .flag("on-conflict-do-nothing")
            .value("rows-per-insert")
            .flag("statistics")
            .flag("statistics-only")
            .value("filter")
            .flag("sequence-data")
            .value("restrict-key")
            .value('F', "format")
            .value('j', "jobs")
            .value('Z', "compress")
            .ownValue("compat")
            .build();

    /** What pg_dump is not told: it concerns the whole server, or where to connect and write. */
    private static final Set<String> OWN = Set.of(
            "clean",
            "file",
            "globals-only",
            "host",
            "dbname",
            "database",
            "port",
            "roles-only",
            "tablespaces-only",
            "username",
            "exclude-database",
            "if-exists",
            "no-role-passwords",
            "filter",
            "format",
            "jobs",
            "compress",
            "restrict-key",
            "no-sync",
            "compat");

    private final Set<String> given = new HashSet<>();
    private final Map<String, String> values = new HashMap<>();
    private final List<String> forPgDump = new ArrayList<>();
    private final List<String> excluded = new ArrayList<>();
    private UpstreamVersion version;

    private PgDumpAllOptions(UpstreamVersion version) {
        this.version = version;
    }

    static PgDumpAllOptions parse(ProgramRun run) throws ProgramException, UsageException {
        PgDumpAllOptions options = new PgDumpAllOptions(run.version());
        OptionReader reader = run.options(OPTIONS);
        for (Optional<GivenOption> next = reader.next(); next.isPresent(); next = reader.next()) {
            options.take(run, next.get());
        }
        if (!reader.operands().isEmpty()) {
            throw new ProgramException("too many command-line arguments (first is \""
                            + reader.operands().getFirst() + "\")")
                    .withHelpHint();
        }
        options.check();
        return options;
    }

    private void take(ProgramRun run, GivenOption option) throws ProgramException {
        given.add(option.name());
        option.argument().ifPresent(value -> values.put(option.name(), value));
        switch (option.name()) {
            case "verbose" -> run.log().increaseVerbosity();
            case "exclude-database" -> excluded.add(option.value());
            case "filter" -> readFilter(run, option.value());
            case "compat" -> version = UpstreamVersion.parse(option.value(), "--compat");
            default -> {}
        }
        if (!OWN.contains(option.name())) {
            forPgDump.add("--" + option.name()
                    + option.argument().map(value -> "=" + value).orElse(""));
        }
    }

    private void readFilter(ProgramRun run, String file) throws ProgramException {
        try (FilterFile filter = FilterFile.open(file, run.standardInput())) {
            for (Optional<FilterFile.Item> next = filter.next(); next.isPresent(); next = filter.next()) {
                FilterFile.Item item = next.get();
                if (!item.type().equals("database") || item.include()) {
                    throw filter.notAllowed(item);
                }
                excluded.add(item.pattern());
            }
        } catch (java.io.IOException e) {
            throw new ProgramException(String.valueOf(e.getMessage()));
        }
    }

    private void check() throws ProgramException {
        boolean partial = isPartial();
        if (!excluded.isEmpty() && partial) {
            throw new ProgramException("option --exclude-database cannot be used together with -g/--globals-only,"
                            + " -r/--roles-only, or -t/--tablespaces-only")
                    .withHelpHint();
        }
        conflict("globals-only", "-g/--globals-only", "roles-only", "-r/--roles-only");
        conflict("globals-only", "-g/--globals-only", "tablespaces-only", "-t/--tablespaces-only");
        if (has("if-exists") && !has("clean")) {
            throw new ProgramException("option --if-exists requires option -c/--clean");
        }
        checkFormat();
        conflict("roles-only", "-r/--roles-only", "tablespaces-only", "-t/--tablespaces-only");
    }

    private void conflict(String one, String oneShown, String other, String otherShown) throws ProgramException {
        if (has(one) && has(other)) {
            throw new ProgramException("options " + oneShown + " and " + otherShown + " cannot be used together")
                    .withHelpHint();
        }
    }

    private void checkFormat() throws ProgramException {
        String format = value("format").orElse("p").toLowerCase(Locale.ROOT);
        if (!List.of("c", "custom", "d", "directory", "p", "plain", "t", "tar").contains(format)) {
            throw new ProgramException(
                    "invalid output format \"" + value("format").orElse("") + "\" specified");
        }
        if (isArchive() && !has("file")) {
            throw new ProgramException("option -F/--format=d|c|t requires option -f/--file");
        }
        if (isArchive() && has("restrict-key")) {
            throw new ProgramException("option --restrict-key can only be used with --format=plain");
        }
        if (!isArchive() && (has("jobs") || has("compress"))) {
            throw new ProgramException("options -j/--jobs and -Z/--compress need -F/--format=d|c|t");
        }
    }

    /** Whether each database becomes an archive in a folder. */
    boolean isArchive() {
        String format = value("format").orElse("p").toLowerCase(Locale.ROOT);
        return !format.equals("p") && !format.equals("plain");
    }

    /** Whether no database is dumped. */
    boolean isPartial() {
        return has("globals-only") || has("roles-only") || has("tablespaces-only");
    }

    boolean isDurable() {
        return !has("no-sync");
    }

    boolean has(String option) {
        return given.contains(option);
    }

    Optional<String> value(String option) {
        return Optional.ofNullable(values.get(option));
    }

    /** The words that pg_dump is told for every database. */
    List<String> forPgDump() {
        return List.copyOf(forPgDump);
    }

    /** Patterns of names of databases that are left out. */
    List<String> excluded() {
        return List.copyOf(excluded);
    }

    /** How names are written. */
    NameQuoting quoting() {
        return new NameQuoting(version.major(), has("quote-all-identifiers"));
    }

    UpstreamVersion version() {
        return version;
    }
}
