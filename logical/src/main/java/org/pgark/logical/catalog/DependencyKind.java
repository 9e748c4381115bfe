package org.pgark.logical.catalog;

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
                record(object.get(), needed.get(), row.letter("deptype"));
            }
        });
    }

    private static void record(DumpObject object, DumpObject needed, char type) {
        if (type == 'x') {
            object.needExtension(needed.name());
        }
        // the shape of a composite type is said to need the type, but the type has to come after what the shape needs
        if (type == 'i' && object.kind() == ObjectKind.TABLE && needed.kind() == ObjectKind.TYPE) {
            needed.dependOn(object);
        } else {
            object.dependOn(needed);
        }
    }
}
