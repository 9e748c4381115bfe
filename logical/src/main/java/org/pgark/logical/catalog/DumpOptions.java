package org.pgark.logical.catalog;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.pgark.logical.archive.NameQuoting;
import org.pgark.postgres.PostgresMajor;

/**
 * What is asked of a dump.
 *
 * @param emulated the major version whose pg_dump is emulated, 13 to 18
 * @param includesEverything whether nothing was named to be included, so that the whole database is dumped
 * @param schema whether definitions are dumped
 * @param data whether rows are dumped
 * @param statistics whether the planner's statistics are dumped
 * @param rowsPerInsert how many rows one INSERT carries; 0 for COPY
 * @param extraFloatDigits what the session's extra_float_digits is to be, where the user says so
 * @param encoding the encoding of the dump, where it is not the database's
 * @param role the role to change to after connecting
 * @param snapshot a snapshot that another session exported
 * @param lockWaitTimeout how long to wait for locks on tables, in the server's notation
 * @param jobs how many connections read data at once
 */
public record DumpOptions(
        int emulated,
        Set<DumpSwitch> switches,
        Map<PatternUse, List<String>> patterns,
        boolean includesEverything,
        boolean schema,
        boolean data,
        boolean statistics,
        int rowsPerInsert,
        OptionalInt extraFloatDigits,
        Optional<String> encoding,
        Optional<String> role,
        Optional<String> snapshot,
        Optional<String> lockWaitTimeout,
        int jobs) {

    public DumpOptions {
        switches = Set.copyOf(switches);
        patterns = Map.copyOf(patterns);
        if (emulated < 13) {
            throw new IllegalArgumentException("emulated version " + emulated + " is below 13");
        }
        if (jobs < 1) {
            throw new IllegalArgumentException("jobs is " + jobs);
        }
    }

    /** The same with one switch more. */
    public DumpOptions with(DumpSwitch which) {
        Set<DumpSwitch> more = EnumSet.of(which);
        more.addAll(switches);
        return new DumpOptions(
                emulated,
                more,
                patterns,
                includesEverything,
                schema,
                data,
                statistics,
                rowsPerInsert,
                extraFloatDigits,
                encoding,
                role,
                snapshot,
                lockWaitTimeout,
                jobs);
    }

    public static Builder builder() {
        return new Builder();
    }

    public boolean has(DumpSwitch which) {
        return switches.contains(which);
    }

    /** How names are written. */
    public NameQuoting quoting() {
        return new NameQuoting(PostgresMajor.of(emulated), has(DumpSwitch.QUOTE_ALL_IDENTIFIERS));
    }

    public List<String> patterns(PatternUse use) {
        return patterns.getOrDefault(use, List.of());
    }

    /** Whether of large objects everything is dumped but what they hold, which an upgrade in place carries over itself. */
    public boolean describesLargeObjects() {
        return has(DumpSwitch.BINARY_UPGRADE);
    }

    public boolean includesLargeObjects() {
        return has(DumpSwitch.LARGE_OBJECTS)
                || describesLargeObjects()
                || (includesEverything && data && !has(DumpSwitch.NO_LARGE_OBJECTS));
    }

    /** Collects options; what is not said is as pg_dump has it. */
    public static final class Builder {
        private int emulated = 18;
        private final Set<DumpSwitch> switches = EnumSet.noneOf(DumpSwitch.class);
        private final Map<PatternUse, List<String>> patterns = new EnumMap<>(PatternUse.class);
        private boolean includesEverything = true;
        private boolean schema = true;
        private boolean data = true;
        private boolean statistics;
        private int rowsPerInsert;
        private OptionalInt extraFloatDigits = OptionalInt.empty();
        private Optional<String> encoding = Optional.empty();
        private Optional<String> role = Optional.empty();
        private Optional<String> snapshot = Optional.empty();
        private Optional<String> lockWaitTimeout = Optional.empty();
        private int jobs = 1;

        private Builder() {}

        public Builder emulated(int major) {
            this.emulated = major;
            return this;
        }

        public Builder with(DumpSwitch which) {
            switches.add(which);
            return this;
        }

        public boolean has(DumpSwitch which) {
            return switches.contains(which);
        }

        public Builder pattern(PatternUse use, String pattern) {
            patterns.computeIfAbsent(use, key -> new ArrayList<>()).add(pattern);
            includesEverything &= switch (use) {
                case INCLUDE_SCHEMA, INCLUDE_TABLE, INCLUDE_TABLE_AND_CHILDREN, INCLUDE_EXTENSION -> false;
                case EXCLUDE_SCHEMA,
                        EXCLUDE_TABLE,
                        EXCLUDE_TABLE_AND_CHILDREN,
                        EXCLUDE_TABLE_DATA,
                        EXCLUDE_TABLE_DATA_AND_CHILDREN,
                        INCLUDE_FOREIGN_DATA,
                        EXCLUDE_EXTENSION -> true;
            };
            return this;
        }

        /** Names extensions to be dumped beside everything else that is dumped: a filter file means it so, an option does not. */
        public Builder extensionBesides(String pattern) {
            patterns.computeIfAbsent(PatternUse.INCLUDE_EXTENSION, key -> new ArrayList<>())
                    .add(pattern);
            return this;
        }

        public boolean hasPatterns(PatternUse use) {
            return patterns.containsKey(use);
        }

        public Builder contents(boolean withSchema, boolean withData, boolean withStatistics) {
            this.schema = withSchema;
            this.data = withData;
            this.statistics = withStatistics;
            return this;
        }

        /** Asks for INSERT commands of one row, unless a number of rows was given. */
        public Builder inserts() {
            this.rowsPerInsert = Math.max(rowsPerInsert, 1);
            return this;
        }

        public Builder rowsPerInsert(int rows) {
            this.rowsPerInsert = rows;
            return this;
        }

        public int rowsPerInsert() {
            return rowsPerInsert;
        }

        public Builder extraFloatDigits(int digits) {
            this.extraFloatDigits = OptionalInt.of(digits);
            return this;
        }

        public Builder encoding(String name) {
            this.encoding = Optional.of(name);
            return this;
        }

        public Builder role(String name) {
            this.role = Optional.of(name);
            return this;
        }

        public Builder snapshot(String name) {
            this.snapshot = Optional.of(name);
            return this;
        }

        public Builder lockWaitTimeout(String timeout) {
            this.lockWaitTimeout = Optional.of(timeout);
            return this;
        }

        public Builder jobs(int number) {
            this.jobs = number;
            return this;
        }

        public DumpOptions build() {
            return new DumpOptions(
                    emulated,
                    switches,
                    patterns,
                    includesEverything,
                    schema,
                    data,
                    statistics,
                    rowsPerInsert,
                    extraFloatDigits,
                    encoding,
                    role,
                    snapshot,
                    lockWaitTimeout,
                    jobs);
        }
    }
}
