package org.pgark.logical.restore;

import static org.pgark.logical.restore.RestoreSwitch.BINARY_UPGRADE;
import static org.pgark.logical.restore.RestoreSwitch.CREATE;
import static org.pgark.logical.restore.RestoreSwitch.NO_COMMENTS;
import static org.pgark.logical.restore.RestoreSwitch.NO_POLICIES;
import static org.pgark.logical.restore.RestoreSwitch.NO_PRIVILEGES;
import static org.pgark.logical.restore.RestoreSwitch.NO_PUBLICATIONS;
import static org.pgark.logical.restore.RestoreSwitch.NO_SECURITY_LABELS;
import static org.pgark.logical.restore.RestoreSwitch.NO_SUBSCRIPTIONS;
import static org.pgark.logical.restore.RestoreSwitch.SEQUENCE_DATA;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pgark.logical.archive.ArchiveException;
import org.pgark.logical.archive.Section;
import org.pgark.logical.archive.TocEntry;
import org.pgark.logical.restore.RestoreOptions.NameKind;

/** Decides what of each entry is wanted (_tocEntryRequired of pg_backup_archiver.c). Entries are asked for in their order. */
final class EntrySelection {
    private static final String VIA_ROOT = "-- load via partition root ";

    private final RestoreOptions options;
    private final Map<Integer, TocEntry> byId = new HashMap<>();
    private final Map<Integer, Set<Need>> needs = new HashMap<>();
    private final Map<NameKind, Set<String>> touched = new HashMap<>();
    private final boolean selectsKinds;
    private Section section = Section.PRE_DATA;

    EntrySelection(RestoreOptions options, List<RestoreItem> items) {
        this.options = options;
        this.selectsKinds = options.selectsKinds();
        items.forEach(item -> byId.put(item.entry().dumpId(), item.entry()));
    }

    /** Marks all items with what is wanted of them. */
    static void mark(RestoreOptions options, List<RestoreItem> items) throws ArchiveException {
        EntrySelection selection = new EntrySelection(options, items);
        for (RestoreItem item : items) {
            item.setNeeds(selection.of(item.entry(), item.hasData()));
        }
        if (options.has(RestoreSwitch.STRICT_NAMES)) {
            selection.requireAllNamesSeen();
        }
    }

    Set<Need> of(TocEntry entry, boolean hasData) {
        if (entry.section() != Section.NONE) {
            section = entry.section();
        }
        Set<Need> needed = decide(entry, hasData);
        needs.put(entry.dumpId(), needed);
        return needed;
    }

    private void requireAllNamesSeen() throws ArchiveException {
        for (NameKind kind :
                List.of(NameKind.SCHEMA, NameKind.TABLE, NameKind.INDEX, NameKind.FUNCTION, NameKind.TRIGGER)) {
            for (String name : options.names(kind)) {
                if (!touched.getOrDefault(kind, Set.of()).contains(name)) {
                    throw new ArchiveException(kind.label() + " \"" + name + "\" not found");
                }
            }
        }
    }

    private static Set<Need> nothing() {
        return EnumSet.noneOf(Need.class);
    }

    private Set<Need> decide(TocEntry entry, boolean hasData) {
        switch (entry.description()) {
            case "ENCODING", "STDSTRINGS", "SEARCHPATH" -> {
                return EnumSet.of(Need.SPECIAL);
            }
            case "DATABASE", "DATABASE PROPERTIES" -> {
                return options.has(CREATE) ? EnumSet.of(Need.SCHEMA) : nothing();
            }
            default -> {}
        }
        boolean statistics = entry.is("STATISTICS DATA");
        if ((statistics && !options.wants(Need.STATISTICS))
                || isLeftOut(entry)
                || !options.wants(section)
                || !options.wantedIds().map(ids -> ids.contains(entry.dumpId())).orElse(true)
                || !isSelected(entry)) {
            return nothing();
        }
        Set<Need> needed = statistics ? EnumSet.of(Need.STATISTICS) : EnumSet.of(Need.SCHEMA, Need.DATA);
        if (!hasData) {
            needed.remove(isDataWithoutData(entry) ? Need.SCHEMA : Need.DATA);
            if (isDataWithoutData(entry)) {
                needed.remove(Need.STATISTICS);
            }
        }
        if (entry.definition().isEmpty() || entry.definition().startsWith(VIA_ROOT)) {
            needed.remove(Need.SCHEMA);
        }
        if (entry.is("<Init>") && entry.tag().equals("Max OID")) {
            return nothing();
        }
        if (!options.wants(Need.DATA) && !isKeptWithoutData(entry)) {
            needed.remove(Need.DATA);
        }
        if (!options.wants(Need.SCHEMA)) {
            needed.remove(Need.SCHEMA);
        }
        return needed;
    }

    /** What options of the form {@code --no-...} leave out. */
    private boolean isLeftOut(TocEntry entry) {
        String tag = entry.tag();
        return switch (entry.description()) {
            case "ACL", "ACL LANGUAGE", "DEFAULT ACL" -> options.has(NO_PRIVILEGES);
            case "POLICY", "ROW SECURITY" -> options.has(NO_POLICIES);
            case "PUBLICATION", "PUBLICATION TABLE", "PUBLICATION TABLES IN SCHEMA" -> options.has(NO_PUBLICATIONS);
            case "SUBSCRIPTION", "SUBSCRIPTION TABLE" -> options.has(NO_SUBSCRIPTIONS);
            case "COMMENT" ->
                options.has(NO_COMMENTS)
                        || (options.has(NO_POLICIES) && tag.startsWith("POLICY"))
                        || isOfReplication(tag);
            case "SECURITY LABEL" -> options.has(NO_SECURITY_LABELS) || isOfReplication(tag);
            default -> false;
        };
    }

    private boolean isOfReplication(String tag) {
        return (options.has(NO_PUBLICATIONS) && tag.startsWith("PUBLICATION"))
                || (options.has(NO_SUBSCRIPTIONS) && tag.startsWith("SUBSCRIPTION"));
    }

    private boolean isSelected(TocEntry entry) {
        return switch (entry.description()) {
            case "ACL", "COMMENT", "SECURITY LABEL" -> isSelectedWithParent(entry);
            default -> isSelectedBySchema(entry) && (!selectsKinds || isSelectedByKind(entry));
        };
    }

    private boolean isSelectedWithParent(TocEntry entry) {
        if (entry.tag().startsWith("DATABASE ")) {
            return options.has(CREATE);
        }
        if (options.names(NameKind.SCHEMA).isEmpty()
                && options.names(NameKind.EXCLUDED_SCHEMA).isEmpty()
                && !selectsKinds) {
            return true;
        }
        return entry.dependencies().stream().anyMatch(id -> {
            TocEntry parent = byId.get(id);
            return parent != null
                    && !parent.is("ACL")
                    && !needs.getOrDefault(id, Set.of()).isEmpty();
        });
    }

    private boolean isSelectedBySchema(TocEntry entry) {
        boolean has = !entry.namespace().isEmpty();
        if (!options.names(NameKind.SCHEMA).isEmpty() && !(has && matches(NameKind.SCHEMA, entry.namespace()))) {
            return false;
        }
        return !(has && options.names(NameKind.EXCLUDED_SCHEMA).contains(entry.namespace()));
    }

    private boolean isSelectedByKind(TocEntry entry) {
        return switch (entry.description()) {
            case "STATISTICS DATA" -> entry.dependencies().stream().anyMatch(this::isSelectedStatisticsParent);
            case "TABLE",
                    "TABLE DATA",
                    "VIEW",
                    "FOREIGN TABLE",
                    "MATERIALIZED VIEW",
                    "MATERIALIZED VIEW DATA",
                    "SEQUENCE",
                    "SEQUENCE SET" -> matches(NameKind.TABLE, entry.tag());
            case "INDEX" -> matches(NameKind.INDEX, entry.tag());
            case "FUNCTION", "AGGREGATE", "PROCEDURE" -> matches(NameKind.FUNCTION, entry.tag());
            case "TRIGGER" -> matches(NameKind.TRIGGER, entry.tag());
            default -> false;
        };
    }

    private boolean isSelectedStatisticsParent(int id) {
        TocEntry parent = byId.get(id);
        if (parent == null) {
            return false;
        }
        return switch (parent.description()) {
            case "TABLE", "VIEW", "FOREIGN TABLE", "MATERIALIZED VIEW" -> matches(NameKind.TABLE, parent.tag());
            case "INDEX" -> matches(NameKind.INDEX, parent.tag());
            default -> false;
        };
    }

    private boolean matches(NameKind kind, String name) {
        if (!options.names(kind).contains(name)) {
            return false;
        }
        touched.computeIfAbsent(kind, _ -> new HashSet<>()).add(name);
        return true;
    }

    /** Entries that count as data though none is stored for them. */
    private static boolean isDataWithoutData(TocEntry entry) {
        return entry.is("SEQUENCE SET") || isLargeObjectPart(entry);
    }

    private static boolean isLargeObjectPart(TocEntry entry) {
        return switch (entry.description()) {
            case "BLOB", "BLOB METADATA" -> true;
            case "ACL", "COMMENT", "SECURITY LABEL" -> entry.tag().startsWith("LARGE OBJECT");
            default -> false;
        };
    }

    private boolean isKeptWithoutData(TocEntry entry) {
        return (options.has(SEQUENCE_DATA) && entry.is("SEQUENCE SET"))
                || (options.has(BINARY_UPGRADE) && isLargeObjectPart(entry));
    }
}
