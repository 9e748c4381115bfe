package org.pgark.logical.catalog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every object that was read, by catalogue id and by dump id, and what is known across kinds: roles and extension membership. */
public final class Catalog {
    private final Map<CatalogId, DumpObject> byId = new HashMap<>();
    private final List<DumpObject> objects = new ArrayList<>();
    private final Map<Class<?>, List<DumpObject>> byClass = new HashMap<>();
    private DumpObject[] byDumpId = new DumpObject[1024];
    private final Map<CatalogId, Extension> membership = new HashMap<>();
    private final Map<Long, String> roles = new HashMap<>();
    private final Annotations annotations = new Annotations();
    private int lastDumpId;

    /** Takes an object and gives it the next dump id. */
    public <T extends DumpObject> T add(T object) {
        object.number(newDumpId());
        objects.add(object);
        byClass.computeIfAbsent(object.getClass(), _ -> new ArrayList<>()).add(object);
        if (object.dumpId() >= byDumpId.length) {
            byDumpId = Arrays.copyOf(byDumpId, 2 * object.dumpId());
        }
        byDumpId[object.dumpId()] = object;
        if (object.id().catalog() != 0) {
            byId.put(object.id(), object);
        }
        return object;
    }

    /** A number for an entry that is no object: a comment, privileges, a label. */
    public int newDumpId() {
        return ++lastDumpId;
    }

    public int lastDumpId() {
        return lastDumpId;
    }

    /** All objects in the order in which they were read. */
    public List<DumpObject> objects() {
        return Collections.unmodifiableList(objects);
    }

    public Optional<DumpObject> find(CatalogId id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The object of this row, if it was read and is of this class. */
    public <T extends DumpObject> Optional<T> find(SystemCatalog catalog, long oid, Class<T> type) {
        return oid == 0
                ? Optional.empty()
                : find(catalog.id(oid)).filter(type::isInstance).map(type::cast);
    }

    public Optional<DumpObject> byDumpId(int dumpId) {
        return dumpId < byDumpId.length ? Optional.ofNullable(byDumpId[dumpId]) : Optional.empty();
    }

    /** All objects of exactly this class, in the order in which they were read. */
    public <T extends DumpObject> List<T> all(Class<T> type) {
        return byClass.getOrDefault(type, List.of()).stream().map(type::cast).toList();
    }

    /** The schema with this OID, which must exist. */
    public Schema schema(long oid) {
        return find(SystemCatalog.NAMESPACE, oid, Schema.class)
                .orElseThrow(() -> new DumpException("schema with OID " + oid + " does not exist"));
    }

    /** The name of a role; "" for none. */
    public String role(long oid) {
        if (oid == 0) {
            return "";
        }
        String name = roles.get(oid);
        if (name == null) {
            throw new DumpException("role with OID " + oid + " does not exist");
        }
        return name;
    }

    void nameRole(long oid, String name) {
        roles.put(oid, name);
    }

    void recordMember(CatalogId member, Extension extension) {
        membership.put(member, extension);
    }

    /** The extension that an object belongs to. */
    public Optional<Extension> extensionOf(CatalogId member) {
        return Optional.ofNullable(membership.get(member));
    }

    public Annotations annotations() {
        return annotations;
    }
}
