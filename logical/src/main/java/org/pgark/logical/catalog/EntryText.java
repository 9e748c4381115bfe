package org.pgark.logical.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.logical.archive.DeferredDefinition;
import org.pgark.logical.archive.EntryData;
import org.pgark.logical.archive.Section;
import org.pgark.logical.archive.TocEntry;

/** What an object says in its entry; ids, schema and dependencies come from the object. Without a word it stands in pre-data. */
public final class EntryText {
    private final String description;
    private final String tag;
    private final List<Integer> dependencies = new ArrayList<>();
    private Section section = Section.PRE_DATA;
    private String definition = "";
    private Optional<String> drop = Optional.empty();
    private String copy = "";
    private Optional<String> schema = Optional.empty();
    private Optional<String> tablespace = Optional.empty();
    private String accessMethod = "";
    private char relationForm;
    private String owner = "";
    private Optional<EntryData> data = Optional.empty();
    private Optional<DeferredDefinition> deferred = Optional.empty();

    /**
     * Begins an entry.
     *
     * @param description the kind of entry, as archives call it ("TABLE", "FK CONSTRAINT")
     * @param tag the name that a list of the archive shows, unquoted but for comments and privileges
     */
    public EntryText(String description, String tag) {
        this.description = description;
        this.tag = tag;
    }

    public EntryText define(String sql) {
        this.definition = sql;
        return this;
    }

    /** A definition that is made when it is written. */
    public EntryText defineLater(DeferredDefinition text) {
        this.deferred = Optional.of(text);
        return this;
    }

    /** The statement that --clean runs before; "" for an object that could be dropped but goes with another. */
    public EntryText drop(String sql) {
        this.drop = Optional.of(sql);
        return this;
    }

    public EntryText owner(String role) {
        this.owner = role;
        return this;
    }

    /** Another schema than the object's. */
    public EntryText schema(String name) {
        this.schema = Optional.of(name);
        return this;
    }

    /** "" is the database's default; what was never called is in no tablespace at all. */
    public EntryText tablespace(String name) {
        this.tablespace = Optional.of(name);
        return this;
    }

    public EntryText accessMethod(String name) {
        this.accessMethod = name;
        return this;
    }

    /** The relkind. */
    public EntryText relationForm(char letter) {
        this.relationForm = letter;
        return this;
    }

    public EntryText inData() {
        this.section = Section.DATA;
        return this;
    }

    public EntryText postData() {
        this.section = Section.POST_DATA;
        return this;
    }

    /** The entry belongs to the section of the one that it depends on, as comments and privileges do. */
    public EntryText withOwnerSection() {
        this.section = Section.NONE;
        return this;
    }

    /** Gives the entry its own dependencies in place of the object's. */
    public EntryText dependsOn(int dumpId) {
        dependencies.add(dumpId);
        return this;
    }

    /** The COPY ... FROM stdin that comes before the data. */
    public EntryText copy(String sql) {
        this.copy = sql;
        return this;
    }

    public EntryText data(EntryData rows) {
        this.data = Optional.of(rows);
        return this;
    }

    List<Integer> ownDependencies() {
        return dependencies;
    }

    Optional<EntryData> rows() {
        return data;
    }

    Optional<DeferredDefinition> deferred() {
        return deferred;
    }

    TocEntry entry(int dumpId, CatalogId id, String objectSchema) {
        TocEntry.Builder builder = TocEntry.builder(dumpId, description, tag, section)
                .catalog(id.catalog(), id.oid())
                .definition(definition)
                .copyStatement(copy)
                .namespace(schema.orElse(objectSchema))
                .tableAccessMethod(accessMethod)
                .relkind(relationForm)
                .owner(owner)
                .dependencies(dependencies);
        tablespace.ifPresent(builder::tablespace);
        drop.ifPresent(builder::dropStatement);
        return builder.build();
    }
}
