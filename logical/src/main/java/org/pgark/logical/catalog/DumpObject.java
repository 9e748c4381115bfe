package org.pgark.logical.catalog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** One object of the database that a dump may hold. Not thread-safe: it is read, sorted and written by one thread. */
public abstract class DumpObject {
    private final ObjectKind kind;
    private final CatalogId id;
    private final String name;
    private final Optional<Schema> schema;
    private int[] dependencies = {};
    private int dependencyCount;
    private int dumpId;
    private Components wanted = Components.ALL;
    private boolean extensionMember;
    private final List<String> neededExtensions = new ArrayList<>();

    protected DumpObject(ObjectKind kind, CatalogId id, String name, Optional<Schema> schema) {
        this.kind = kind;
        this.id = id;
        this.name = name;
        this.schema = schema;
    }

    /** Where it sorts; the kind of a few objects changes while others are read. */
    public ObjectKind kind() {
        return kind;
    }

    public CatalogId id() {
        return id;
    }

    public long oid() {
        return id.oid();
    }

    /** The name as the catalogue has it, unquoted. */
    public String name() {
        return name;
    }

    public Optional<Schema> schema() {
        return schema;
    }

    /** The schema's name, "" for what has none. */
    public String schemaName() {
        return schema.map(DumpObject::name).orElse("");
    }

    /** The number of the object within this dump, from 1; 0 until the catalogue has taken it. */
    public int dumpId() {
        return dumpId;
    }

    void number(int newDumpId) {
        this.dumpId = newDumpId;
    }

    /** Which of its components are to be dumped. */
    public final Components wanted() {
        return wanted;
    }

    public boolean wants(Component component) {
        return wanted.has(component);
    }

    public final void want(Components components) {
        this.wanted = components;
    }

    public boolean isExtensionMember() {
        return extensionMember;
    }

    void markExtensionMember() {
        this.extensionMember = true;
    }

    /** Names of the extensions that ALTER ... DEPENDS ON EXTENSION named for it. */
    public List<String> neededExtensions() {
        return Collections.unmodifiableList(neededExtensions);
    }

    void needExtension(String extension) {
        neededExtensions.add(extension);
    }

    /** Dump ids of what must come before it; an id may stand here more than once. */
    public List<Integer> dependencies() {
        return Arrays.stream(dependencies, 0, dependencyCount).boxed().toList();
    }

    /** How many {@link #dependencies()} there are. */
    public int dependencyCount() {
        return dependencyCount;
    }

    /** One of the {@link #dependencies()}. */
    public int dependency(int index) {
        return dependencies[Objects.checkIndex(index, dependencyCount)];
    }

    /** Whether this is among the {@link #dependencies()}. */
    public boolean dependsOn(int otherDumpId) {
        for (int index = 0; index < dependencyCount; index++) {
            if (dependencies[index] == otherDumpId) {
                return true;
            }
        }
        return false;
    }

    public void dependOn(DumpObject other) {
        dependOn(other.dumpId());
    }

    public void dependOn(int otherDumpId) {
        if (dependencyCount == dependencies.length) {
            dependencies = Arrays.copyOf(dependencies, Math.max(4, 2 * dependencyCount));
        }
        dependencies[dependencyCount++] = otherDumpId;
    }

    public void forget(DumpObject other) {
        int kept = 0;
        for (int index = 0; index < dependencyCount; index++) {
            if (dependencies[index] != other.dumpId()) {
                dependencies[kept++] = dependencies[index];
            }
        }
        dependencyCount = kept;
    }

    /** On which side of the boundaries between the sections it stands. */
    public Placement placement() {
        return Placement.of(kind().priority());
    }

    /** Whether it belongs to the schema of the database, which a data-only dump leaves out. */
    public boolean isSchema() {
        return true;
    }

    /** Compares names as strcmp() compares their UTF-8 bytes, which is the order of their code points. */
    public int compareNames(DumpObject other) {
        return CodePointOrder.compare(name, other.name);
    }

    /** Compares with an object of the same kind, schema and name by the rest of the kind's natural key. */
    public int breakTie(DumpObject other) {
        return 0;
    }

    /** Writes the entries of all components that are wanted. */
    public abstract void write(EntryWriter writer);

    @Override
    public String toString() {
        return kind.words() + " " + name + "  (ID " + dumpId + " OID " + id.oid() + ")";
    }
}
