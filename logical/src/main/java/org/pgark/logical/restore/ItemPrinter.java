package org.pgark.logical.restore;

import static org.pgark.logical.restore.RestoreSwitch.NO_OWNER;
import static org.pgark.logical.restore.RestoreSwitch.NO_TABLESPACES;
import static org.pgark.logical.restore.RestoreSwitch.NO_TABLE_ACCESS_METHOD;
import static org.pgark.logical.restore.RestoreSwitch.USE_SET_SESSION_AUTHORIZATION;
import static org.pgark.logical.restore.RestoreSwitch.VERBOSE;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pgark.logical.archive.ArchiveException;
import org.pgark.logical.archive.TocEntry;

/** Puts out the definitions of entries, with the settings, the comment and the owner that each has. */
final class ItemPrinter {
    private final RestoreOptions options;
    private final RestoreTarget target;
    private final OutputSettings settings;
    private final TransactionCount transactions;
    private final Map<Integer, RestoreItem> byId;

    ItemPrinter(
            RestoreOptions options,
            RestoreTarget target,
            OutputSettings settings,
            TransactionCount transactions,
            Map<Integer, RestoreItem> byId) {
        this.options = options;
        this.target = target;
        this.settings = settings;
        this.transactions = transactions;
        this.byId = byId;
    }

    /** @param prefix what stands before {@code Name:} in the comment */
    void print(RestoreItem item, String prefix) throws IOException {
        TocEntry entry = item.entry();
        settings.becomeOwner(entry);
        settings.selectSchema(entry.namespace());
        settings.selectTablespace(entry.tablespace());
        boolean partitioned = entry.relkind() == TocEntry.PARTITIONED_TABLE;
        if (!partitioned) {
            settings.selectTableAccessMethod(entry.tableAccessMethod());
        }
        if (!target.isServer()) {
            target.comment(comment(item, prefix));
        }
        printDefinition(item);
        printOwner(item);
        if (partitioned) {
            printAccessMethodOfPartitionedTable(entry);
        }
        if (RestorePass.isPrivileges(entry)) {
            // Privileges that others granted are given as those others.
            settings.forgetUser();
        }
    }

    private String comment(RestoreItem item, String prefix) {
        TocEntry entry = item.entry();
        StringBuilder text = new StringBuilder("--\n");
        if (options.has(VERBOSE)) {
            text.append("-- TOC entry ").append(entry.dumpId());
            text.append(" (class ").append(entry.tableOid());
            text.append(" OID ").append(entry.oid()).append(")\n");
            if (!entry.dependencies().isEmpty()) {
                text.append("-- Dependencies:");
                entry.dependencies().forEach(id -> text.append(' ').append(id));
                text.append('\n');
            }
        }
        text.append("-- ").append(prefix).append("Name: ").append(SafeLine.of(entry.tag()));
        text.append("; Type: ").append(SafeLine.of(entry.description()));
        text.append("; Schema: ").append(SafeLine.orHyphen(entry.namespace()));
        String owner = options.has(NO_OWNER) || !entry.namesOwner() ? "-" : SafeLine.of(entry.owner());
        text.append("; Owner: ").append(owner);
        String tablespace = entry.tablespace().orElse("");
        if (!tablespace.isEmpty() && !options.has(NO_TABLESPACES)) {
            text.append("; Tablespace: ").append(SafeLine.of(tablespace));
        }
        text.append('\n');
        if (options.has(VERBOSE)) {
            item.placeComment()
                    .ifPresent(place -> text.append(SafeLine.of(place)).append('\n'));
        }
        return text.append("--\n\n").toString();
    }

    private void printDefinition(RestoreItem item) throws IOException {
        TocEntry entry = item.entry();
        String definition = item.definition();
        if (options.has(NO_OWNER) && entry.is("SCHEMA") && !definition.startsWith("--")) {
            // Old dumps name the owner in the command.
            target.sql("CREATE SCHEMA " + options.quoting().quoted(entry.tag()) + ";\n\n\n");
        } else if (entry.is("BLOB METADATA")) {
            forEachLargeObject(definition, LargeObjectCommands.CREATE);
        } else if (entry.is("ACL") && entry.tag().startsWith("LARGE OBJECTS")) {
            printLargeObjectPrivileges(entry, definition);
        } else if (!definition.isEmpty()) {
            target.sql(definition + "\n\n");
            transactions.countCommands(entry, definition);
        }
    }

    void forEachLargeObject(String oids, LargeObjectCommands.Template command) throws IOException {
        for (String oid : LargeObjectCommands.oids(oids)) {
            target.sql(command.of(oid));
            transactions.count();
        }
        if (!target.isServer()) {
            target.sql("\n");
        }
    }

    private void printLargeObjectPrivileges(TocEntry entry, String definition) throws IOException {
        Optional<RestoreItem> group =
                entry.dependencies().stream().findFirst().flatMap(id -> Optional.ofNullable(byId.get(id)));
        if (group.isEmpty() || !group.get().entry().is("BLOB METADATA")) {
            throw new ArchiveException("could not find entry for ID "
                    + entry.dependencies().stream().map(String::valueOf).collect(Collectors.joining(" ")));
        }
        for (LargeObjectCommands.Template command : LargeObjectCommands.privileges(definition)) {
            forEachLargeObject(group.get().definition(), command);
        }
    }

    private void printOwner(RestoreItem item) throws IOException {
        TocEntry entry = item.entry();
        boolean isCommentedSchema = entry.is("SCHEMA") && entry.definition().startsWith("--");
        if (options.has(NO_OWNER)
                || (options.has(USE_SET_SESSION_AUTHORIZATION) && !isCommentedSchema)
                || entry.owner().isEmpty()
                || entry.dropStatement().orElse("").isEmpty()) {
            return;
        }
        String owner = " OWNER TO " + options.quoting().quoted(entry.owner());
        if (entry.is("BLOB METADATA")) {
            forEachLargeObject(item.definition(), new LargeObjectCommands.Template("ALTER LARGE OBJECT ", owner));
            return;
        }
        Optional<String> object = OwnedObject.of(entry, options);
        if (object.isPresent()) {
            target.sql("ALTER " + object.get() + owner + ";\n\n");
        }
    }

    private void printAccessMethodOfPartitionedTable(TocEntry entry) throws IOException {
        if (!options.has(NO_TABLE_ACCESS_METHOD) && !entry.tableAccessMethod().isEmpty()) {
            target.setting(
                    "ALTER TABLE " + options.quoting().qualified(entry.namespace(), entry.tag()) + " SET ACCESS METHOD "
                            + options.quoting().quoted(entry.tableAccessMethod()) + ";",
                    "\n\n",
                    "could not alter table access method",
                    false);
        }
    }
}
