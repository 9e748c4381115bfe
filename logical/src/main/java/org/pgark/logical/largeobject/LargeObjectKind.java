package org.pgark.logical.largeobject;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Privileges;
import org.pgark.logical.catalog.Row;

/** Reads which large objects there are, and groups them. */
public final class LargeObjectKind implements CatalogKind {
    /** Large objects in one entry of an archive, as PostgreSQL has it. */
    private static final int GROUP_SIZE = 1000;

    /** The first version whose archives have groups. */
    private static final int GROUPED_SINCE = 17;

    @Override
    public String progress() {
        return ""; // only said where they are read
    }

    @Override
    public void read(CatalogReading reading) {
        if (!reading.options().includesLargeObjects()) {
            return;
        }
        reading.listener().progress("reading large objects");
        if (reading.options().emulated() < GROUPED_SINCE) {
            readSingly(reading);
        } else {
            readGroups(reading);
        }
    }

    private static List<Row> rows(CatalogReading reading, String order) {
        return reading.session()
                .rows("SELECT oid, lomowner, lomacl, acldefault('L', lomowner) AS builtin FROM pg_largeobject_metadata"
                        + " ORDER BY " + order);
    }

    private static void readSingly(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        List<Long> oids = new ArrayList<>();
        for (Row row : rows(reading, "oid")) {
            oids.add(row.oid("oid"));
            catalog.add(new SingleLargeObject(
                    row.oid("oid"),
                    catalog.role(row.oid("lomowner")),
                    new Privileges(row.optional("lomacl"), row.text("builtin"))));
        }
        if (!oids.isEmpty()) {
            catalog.add(LargeObjectContents.ofAll(oids));
        }
    }

    private static void readGroups(CatalogReading reading) {
        List<Long> group = new ArrayList<>();
        Optional<Row> first = Optional.empty();
        for (Row row : rows(reading, "lomowner, lomacl::pg_catalog.text, oid")) {
            if (!group.isEmpty() && (group.size() == GROUP_SIZE || !isAlike(first.orElseThrow(), row))) {
                add(reading.catalog(), group, first.orElseThrow());
                group.clear();
            }
            if (group.isEmpty()) {
                first = Optional.of(row);
            }
            group.add(row.oid("oid"));
        }
        if (!group.isEmpty()) {
            add(reading.catalog(), group, first.orElseThrow());
        }
    }

    private static boolean isAlike(Row left, Row right) {
        return left.oid("lomowner") == right.oid("lomowner")
                && left.text("lomacl").equals(right.text("lomacl"));
    }

    private static void add(Catalog catalog, List<Long> oids, Row row) {
        LargeObjectGroup group = catalog.add(new LargeObjectGroup(
                oids, catalog.role(row.oid("lomowner")), new Privileges(row.optional("lomacl"), row.text("builtin"))));
        LargeObjectContents contents = catalog.add(LargeObjectContents.of(group));
        contents.dependOn(group);
    }
}
