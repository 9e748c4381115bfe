package org.pgark.logical.largeobject;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pgark.logical.catalog.CatalogId;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Privileges;
import org.pgark.logical.catalog.SystemCatalog;

/** Large objects of one owner with the same privileges, in one entry: there may be millions of them. */
final class LargeObjectGroup extends DumpObject {
    private final List<Long> oids;
    private final String owner;
    private final Privileges privileges;

    LargeObjectGroup(List<Long> oids, String owner, Privileges privileges) {
        super(ObjectKind.LARGE_OBJECT, SystemCatalog.LARGE_OBJECT.id(oids.getFirst()), name(oids), Optional.empty());
        this.oids = List.copyOf(oids);
        this.owner = owner;
        this.privileges = privileges;
    }

    private static String name(List<Long> oids) {
        return oids.size() > 1 ? oids.getFirst() + ".." + oids.getLast() : String.valueOf(oids.getFirst());
    }

    List<Long> oids() {
        return oids;
    }

    String owner() {
        return owner;
    }

    CatalogId idOf(long oid) {
        return SystemCatalog.LARGE_OBJECT.id(oid);
    }

    @Override
    public boolean isSchema() {
        return false;
    }

    @Override
    public void write(EntryWriter writer) {
        if (wants(Component.DEFINITION)) {
            writer.add(
                    this,
                    new EntryText("BLOB METADATA", name())
                            .owner(owner)
                            .inData()
                            .define(oids.stream().map(oid -> oid + "\n").collect(Collectors.joining()))
                            .drop("-- dummy"));
        }
        for (long oid : oids) {
            String number = String.valueOf(oid);
            if (wants(Component.COMMENT)) {
                Optional.ofNullable(writer.annotations().comments(idOf(oid)).get(0))
                        .ifPresent(text -> writer.writeComment("LARGE OBJECT", number, "", owner, dumpId(), text));
            }
            if (wants(Component.SECURITY_LABEL)) {
                writer.securityLabels(idOf(oid), dumpId(), "LARGE OBJECT", number, "", owner);
            }
        }
        if (wants(Component.PRIVILEGES)) {
            // for a group the entry says it for the first one, and its tag says for which others too
            String tag = (oids.size() > 1 ? "LARGE OBJECTS " : "LARGE OBJECT ") + name();
            writer.privileges(this, "LARGE OBJECT", String.valueOf(oids.getFirst()), "", owner, tag, privileges);
        }
    }
}
