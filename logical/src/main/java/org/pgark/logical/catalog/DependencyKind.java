package org.pgark.logical.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads which object needs which. Parts of objects (columns) are not told apart. Members of operator families are no objects of
 * their own: what they need, the family needs.
 */
public final class DependencyKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading dependency data";
    }

    @Override
    public void read(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        List<DumpObject> extensionDependents = new ArrayList<>();
        reading.session().eachRow("""
            SELECT classid, objid, refclassid, refobjid, deptype FROM pg_depend WHERE deptype != 'p' AND deptype != 'e'
            UNION ALL
            SELECT 'pg_opfamily'::regclass AS classid, amopfamily AS objid, refclassid, refobjid, deptype
            FROM pg_depend d, pg_amop o
            WHERE deptype NOT IN ('p', 'e', 'i') AND classid = 'pg_amop'::regclass AND objid = o.oid
              AND NOT (refclassid = 'pg_opfamily'::regclass AND amopfamily = refobjid)
            UNION ALL
            SELECT 'pg_opfamily'::regclass AS classid, amprocfamily AS objid, refclassid, refobjid, deptype
            FROM pg_depend d, pg_amproc p
            WHERE deptype NOT IN ('p', 'e', 'i') AND classid = 'pg_amproc'::regclass AND objid = p.oid
              AND NOT (refclassid = 'pg_opfamily'::regclass AND amprocfamily = refobjid)
            ORDER BY 1, 2\
            """, row -> {
            Optional<DumpObject> object = catalog.find(new CatalogId(row.oid("classid"), row.oid("objid")));
            Optional<DumpObject> needed = catalog.find(new CatalogId(row.oid("refclassid"), row.oid("refobjid")));
            if (object.isPresent() && needed.isPresent()) {
                char type = row.letter("deptype");
                record(object.get(), needed.get(), type);
                if (type == 'x') {
                    extensionDependents.add(object.get());
                }
            }
        });
        if (!extensionDependents.isEmpty()) {
            readNeededExtensions(reading, extensionDependents);
        }
    }

    /** An object may depend on several extensions. They are written in the order of their rows, as pg_dump finds them by an index. */
    private static void readNeededExtensions(CatalogReading reading, List<DumpObject> dependents) {
        Catalog catalog = reading.catalog();
        for (Row row : reading.session().rows("""
            SELECT d.classid, d.objid, e.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
            WHERE d.deptype = 'x' AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.objid = ANY (%s)
            ORDER BY d.ctid\
            """.formatted(OidArray.of(dependents)))) {
            catalog.find(new CatalogId(row.oid("classid"), row.oid("objid")))
                    .ifPresent(object -> object.needExtension(row.text("extname")));
        }
    }

    private static void record(DumpObject object, DumpObject needed, char type) {
        // the shape of a composite type is said to need the type, but the type has to come after what the shape needs
        if (type == 'i' && object.kind() == ObjectKind.TABLE && needed.kind() == ObjectKind.TYPE) {
            needed.dependOn(object);
        } else {
            object.dependOn(needed);
        }
    }
}
