package org.pgark.logical.restore;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pgark.logical.archive.NameQuoting;
import org.pgark.logical.archive.Section;
import org.pgark.postgres.PostgresMajor;

/** What is restored and how. */
public final class RestoreOptions {
    /** The options that take names. */
    public enum NameKind {
        SCHEMA("schema"),
        EXCLUDED_SCHEMA("schema"),
        TABLE("table"),
        INDEX("index"),
        FUNCTION("function"),
        TRIGGER("trigger");

        private final String label;

        NameKind(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    private final Set<RestoreSwitch> switches;
    private final Set<Need> contents;
    private final Set<Section> sections;
    private final Map<NameKind, Set<String>> names;
    private final String superuser;
    private final String role;
    private final String restrictKey;
    private final int transactionSize;
    private final PostgresMajor release;
    private final Optional<Set<Integer>> wantedIds;

    private RestoreOptions(Builder builder) {
        switches = EnumSet.copyOf(builder.switches);
        contents = EnumSet.copyOf(builder.contents);
        sections = builder.sections.isEmpty() ? EnumSet.allOf(Section.class) : EnumSet.copyOf(builder.sections);
        names = new EnumMap<>(NameKind.class);
        builder.names.forEach((kind, some) -> names.put(kind, new LinkedHashSet<>(some)));
        superuser = builder.superuser;
        role = builder.role;
        restrictKey = builder.restrictKey;
        transactionSize = builder.transactionSize;
        release = builder.release;
        wantedIds = builder.wantedIds;
    }

    /** Options to fill. */
    public static Builder builder() {
        return new Builder();
    }

    /** The same to change. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.switches.addAll(switches);
        builder.contents.clear();
        builder.contents.addAll(contents);
        builder.sections.addAll(sections);
        names.forEach((kind, some) -> builder.names.put(kind, new LinkedHashSet<>(some)));
        builder.superuser = superuser;
        builder.role = role;
        builder.restrictKey = restrictKey;
        builder.transactionSize = transactionSize;
        builder.release = release;
        builder.wantedIds = wantedIds;
        return builder;
    }

    boolean has(RestoreSwitch option) {
        return switches.contains(option);
    }

    /** Whether the first error ends the restore. */
    public boolean endsWithFirstError() {
        return has(RestoreSwitch.EXIT_ON_ERROR);
    }

    boolean wants(Need need) {
        return contents.contains(need);
    }

    boolean wants(Section section) {
        return sections.contains(section);
    }

    Set<String> names(NameKind kind) {
        return names.getOrDefault(kind, Set.of());
    }

    boolean selectsKinds() {
        return List.of(NameKind.TABLE, NameKind.INDEX, NameKind.FUNCTION, NameKind.TRIGGER).stream()
                .anyMatch(kind -> !names(kind).isEmpty());
    }

    String superuser() {
        return superuser;
    }

    String role() {
        return role;
    }

    String restrictKey() {
        return restrictKey;
    }

    int transactionSize() {
        return transactionSize;
    }

    /** The version of the programs that are stood in for. */
    NameQuoting quoting() {
        return new NameQuoting(release, has(RestoreSwitch.QUOTE_ALL_IDENTIFIERS));
    }

    PostgresMajor release() {
        return release;
    }

    Optional<Set<Integer>> wantedIds() {
        return wantedIds;
    }

    /** Collects options. */
    public static final class Builder {
        private final Set<RestoreSwitch> switches = EnumSet.noneOf(RestoreSwitch.class);
        private final Set<Need> contents = EnumSet.of(Need.SCHEMA, Need.DATA, Need.STATISTICS);
        private final Set<Section> sections = EnumSet.noneOf(Section.class);
        private final Map<NameKind, Set<String>> names = new EnumMap<>(NameKind.class);
        private String superuser = "";
        private String role = "";
        private String restrictKey = "";
        private int transactionSize;
        private PostgresMajor release = PostgresMajor.V18;
        private Optional<Set<Integer>> wantedIds = Optional.empty();

        private Builder() {}

        /** Sets or takes away a switch. */
        public Builder with(RestoreSwitch option, boolean on) {
            if (on) {
                switches.add(option);
            } else {
                switches.remove(option);
            }
            return this;
        }

        /** Says whether schema, data or statistics are wanted; at first all are. */
        public Builder content(Need need, boolean wanted) {
            if (wanted) {
                contents.add(need);
            } else {
                contents.remove(need);
            }
            return this;
        }

        /** Adds a section; without any, all are wanted. */
        public Builder section(Section section) {
            sections.add(section);
            return this;
        }

        /** Adds a name. */
        public Builder name(NameKind kind, String name) {
            names.computeIfAbsent(kind, _ -> new LinkedHashSet<>()).add(name);
            return this;
        }

        /** The role that switches triggers off. */
        public Builder superuser(String name) {
            superuser = name;
            return this;
        }

        /** The role to become first. */
        public Builder role(String name) {
            role = name;
            return this;
        }

        /** The key that keeps psql from obeying anything but SQL; empty for none. */
        public Builder restrictKey(String key) {
            restrictKey = key;
            return this;
        }

        /** How many objects a transaction holds; 0 for no transactions. */
        public Builder transactionSize(int objects) {
            transactionSize = objects;
            return this;
        }

        /** The version of the programs that are stood in for. */
        public Builder release(PostgresMajor major) {
            release = major;
            return this;
        }

        /** The only entries that are wanted. */
        public Builder wantedIds(Set<Integer> dumpIds) {
            wantedIds = Optional.of(Set.copyOf(dumpIds));
            return this;
        }

        /** The options. */
        public RestoreOptions build() {
            return new RestoreOptions(this);
        }
    }
}
