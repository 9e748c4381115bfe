package org.pgark.logical.catalog;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.pgark.logical.archive.DumpItem;
import org.pgark.logical.archive.NameQuoting;
import org.pgark.logical.archive.TocEntry;

/** Takes the entries of a dump's objects, in order, with what is remarked on them elsewhere. */
public final class EntryWriter {
    private final CatalogReading reading;
    private final PrivilegeSql privilegeSql;
    private final List<DumpItem> items = new ArrayList<>();

    public EntryWriter(CatalogReading reading, PrivilegeSql privilegeSql) {
        this.reading = reading;
        this.privilegeSql = privilegeSql;
    }

    /** All items so far. */
    public List<DumpItem> items() {
        return Collections.unmodifiableList(items);
    }

    public DumpOptions options() {
        return reading.options();
    }

    public Catalog catalog() {
        return reading.catalog();
    }

    public Annotations annotations() {
        return reading.catalog().annotations();
    }

    public DumpListener listener() {
        return reading.listener();
    }

    /** The major version whose syntax is written. */
    public int emulated() {
        return reading.options().emulated();
    }

    /** The version of the server that is dumped, 150004 for 15.4. */
    public int server() {
        return reading.server();
    }

    public String quote(String name) {
        return reading.words().quote(name);
    }

    /** The same where even --quote-all-identifiers leaves a name as it is that needs no quotes. */
    public String quoteIfNeeded(String name) {
        return NameQuoting.WHERE_NEEDED.quoted(name);
    }

    public String qualified(String schema, String name) {
        return reading.words().qualified(schema, name);
    }

    public String qualified(DumpObject object) {
        return reading.words().qualified(object);
    }

    public String literal(String text) {
        return reading.words().literal(text);
    }

    public String storageParameters(List<String> options, String prefix) {
        return reading.words().storageParameters(options, prefix);
    }

    /** Writes the entry of an object. */
    public void add(DumpObject object, EntryText text) {
        put(text, text.entry(object.dumpId(), object.id(), object.schemaName()));
    }

    /** Writes an entry that is no object of its own, and returns its dump id. */
    public int attach(EntryText text) {
        TocEntry entry = text.entry(catalog().newDumpId(), CatalogId.NONE, "");
        put(text, entry);
        return entry.dumpId();
    }

    /** Writes an entry of what stands in a catalogue but is not sorted: the database. Returns its dump id. */
    public int attach(CatalogId id, EntryText text) {
        TocEntry entry = text.entry(catalog().newDumpId(), id, "");
        put(text, entry);
        return entry.dumpId();
    }

    private void put(EntryText text, TocEntry entry) {
        items.add(new DumpItem(entry, text.rows(), text.deferred()));
    }

    /**
     * Writes the comment on an object.
     *
     * @param type what COMMENT ON calls it, with what stands before the name ("TRIGGER x ON")
     * @param name the name, quoted but without schema
     * @param schema the schema that stands before the name, "" for none
     */
    public void comment(DumpObject object, String type, String name, String schema, String owner) {
        comment(object, type, name, schema, owner, object.dumpId());
    }

    /** The same, on an object whose definition stands in the entry of another. */
    public void comment(DumpObject object, String type, String name, String schema, String owner, int definedBy) {
        Optional<String> text =
                Optional.ofNullable(annotations().comments(object.id()).get(0));
        text.ifPresent(comment -> writeComment(type, name, schema, owner, definedBy, comment));
    }

    /** The same for an object that a new database has with a comment already: it is written where it differs. */
    public void commentUnless(String initial, DumpObject object, String type, String name, String owner) {
        String text = annotations().comments(object.id()).getOrDefault(0, "");
        if (!text.equals(initial)) {
            writeComment(type, name, "", owner, object.dumpId(), text);
        }
    }

    /** Writes the comment and the security labels of an object where they are wanted. */
    public void remarks(DumpObject object, String type, String name, String owner) {
        if (object.wants(Component.COMMENT)) {
            comment(object, type, name, object.schemaName(), owner);
        }
        if (object.wants(Component.SECURITY_LABEL)) {
            securityLabels(object, type, name, object.schemaName(), owner);
        }
    }

    /** The words in which names and texts are written. */
    public SqlWords words() {
        return reading.words();
    }

    private boolean isWanted(String type) {
        // what is said of large objects belongs to the data
        return type.equals("LARGE OBJECT")
                ? options().data() || options().describesLargeObjects()
                : options().schema();
    }

    /** Writes a comment whose text is known; where it is not wanted, nothing. */
    public void writeComment(String type, String name, String schema, String owner, int definedBy, String text) {
        if (options().has(DumpSwitch.NO_COMMENTS) || !isWanted(type)) {
            return;
        }
        attach(new EntryText("COMMENT", type + " " + name)
                .schema(schema)
                .owner(owner)
                .withOwnerSection()
                .dependsOn(definedBy)
                .define("COMMENT ON " + type + " " + (schema.isEmpty() ? "" : quote(schema) + ".") + name + " IS "
                        + literal(text) + ";\n"));
    }

    /** Writes the security labels of an object; the parameters are those of {@link #comment}. */
    public void securityLabels(DumpObject object, String type, String name, String schema, String owner) {
        securityLabels(object.id(), object.dumpId(), type, name, schema, owner);
    }

    /** The same for what is written by the entry of another object. */
    public void securityLabels(CatalogId id, int definedBy, String type, String name, String schema, String owner) {
        if (options().has(DumpSwitch.NO_SECURITY_LABELS) || !isWanted(type)) {
            return;
        }
        StringBuilder sql = new StringBuilder();
        for (Annotations.Label label : annotations().labels(id)) {
            if (label.part() == 0) {
                sql.append("SECURITY LABEL FOR " + quote(label.provider()) + " ON " + type + " ")
                        .append(schema.isEmpty() ? "" : quote(schema) + ".")
                        .append(name + " IS " + literal(label.label()) + ";\n");
            }
        }
        if (!sql.isEmpty()) {
            attach(new EntryText("SECURITY LABEL", type + " " + name)
                    .schema(schema)
                    .owner(owner)
                    .withOwnerSection()
                    .dependsOn(definedBy)
                    .define(sql.toString()));
        }
    }

    /**
     * Writes the privileges on an object where they differ from what it has when it is made.
     *
     * @param type what GRANT calls the kind of object
     * @param name the object, quoted, without schema
     * @return dump id of the entry, 0 where there was nothing to write
     */
    public int privileges(
            DumpObject object, String type, String name, String schema, String owner, Privileges privileges) {
        return privileges(object, type, name, schema, owner, type + " " + name, privileges);
    }

    /** The same with a tag of its own. */
    public int privileges(
            DumpObject object,
            String type,
            String name,
            String schema,
            String owner,
            String tag,
            Privileges privileges) {
        Optional<String> initial = annotations().initialPrivileges(object.id());
        String granted = privileges.granted().orElse(initial.isPresent() ? privileges.builtin() : "");
        return writePrivileges(
                type,
                name,
                "",
                schema,
                owner,
                tag,
                granted,
                initial.orElse(privileges.builtin()),
                List.of(object.dumpId()));
    }

    /** Writes the privileges on what is shared by all databases and has no initial ones. */
    public void sharedPrivileges(int definedBy, String type, String name, String owner, Privileges privileges) {
        writePrivileges(
                type,
                name,
                "",
                "",
                owner,
                type + " " + name,
                privileges.granted().orElse(""),
                privileges.builtin(),
                List.of(definedBy));
    }

    /**
     * Writes the privileges on a column.
     *
     * @param after dump id of the entry of the privileges on the whole table, 0 for none
     */
    public void columnPrivileges(
            DumpObject table,
            String name,
            String column,
            String owner,
            Optional<String> granted,
            Optional<String> initial,
            int after) {
        List<Integer> dependencies = after == 0 ? List.of(table.dumpId()) : List.of(table.dumpId(), after);
        writePrivileges(
                "TABLE",
                name,
                column,
                table.schemaName(),
                owner,
                "COLUMN " + name + "." + column,
                granted.orElse(initial.isPresent() ? "{}" : ""),
                initial.orElse("{}"),
                dependencies);
    }

    private int writePrivileges(
            String type,
            String name,
            String column,
            String schema,
            String owner,
            String tag,
            String granted,
            String base,
            List<Integer> dependencies) {
        if (options().has(DumpSwitch.NO_PRIVILEGES)
                || !(type.equals("LARGE OBJECT") || options().schema())) {
            return 0;
        }
        String sql = privilegeSql.commands(type, name, column, schema, owner, granted, base);
        if (sql.isEmpty()) {
            return 0;
        }
        EntryText text = new EntryText("ACL", tag)
                .schema(schema)
                .owner(owner)
                .withOwnerSection()
                .define(sql);
        dependencies.forEach(text::dependsOn);
        return attach(text);
    }

    /** Adds ALTER ... DEPENDS ON EXTENSION for an object that was made to depend on extensions. */
    public void appendExtensionDependencies(StringBuilder sql, DumpObject object, String type, String name) {
        boolean ownLine = reading.options().emulated() < 16;
        for (String extension : object.neededExtensions()) {
            sql.append(ownLine ? "ALTER " : "\nALTER ").append(type).append(' ').append(name);
            sql.append(" DEPENDS ON EXTENSION ").append(quote(extension)).append(ownLine ? ";\n" : ";");
        }
    }
}
