package org.pgark.logical.catalog;

/** Reads comments, security labels and initial privileges of all objects at once. */
public final class AnnotationKind implements CatalogKind {
    @Override
    public String progress() {
        return "";
    }

    @Override
    public void read(CatalogReading reading) {
        Annotations annotations = reading.catalog().annotations();
        DumpOptions options = reading.options();
        if (!options.has(DumpSwitch.NO_PRIVILEGES)) {
            for (Row row : reading.session()
                    .rows("SELECT objoid, classoid, initprivs FROM pg_init_privs WHERE objsubid = 0")) {
                CatalogId id = new CatalogId(row.oid("classoid"), row.oid("objoid"));
                if (options.emulated() < 15
                        || reading.catalog()
                                .find(id)
                                .filter(AnnotationKind::isPublic)
                                .isEmpty()) {
                    annotations.initialPrivileges(id, row.text("initprivs"));
                }
            }
        }
        if (!options.has(DumpSwitch.NO_COMMENTS)) {
            // What the server brought along is only dumped, with its comments, where its schema is asked for by name.
            String ownOnly =
                    reading.selection().named(PatternUse.INCLUDE_SCHEMA).isEmpty()
                            ? " WHERE objoid > 16383 OR classoid IN ('pg_catalog.pg_namespace'::pg_catalog.regclass,"
                                    + " 'pg_catalog.pg_largeobject'::pg_catalog.regclass)"
                            : "";
            for (Row row : reading.session()
                    .rows("SELECT description, classoid, objoid, objsubid FROM pg_catalog.pg_description" + ownOnly
                            + " ORDER BY classoid, objoid, objsubid")) {
                annotations.comment(
                        new CatalogId(row.oid("classoid"), row.oid("objoid")),
                        row.integer("objsubid"),
                        row.text("description"));
            }
        }
        if (!options.has(DumpSwitch.NO_SECURITY_LABELS)) {
            for (Row row : reading.session()
                    .rows("SELECT label, provider, classoid, objoid, objsubid FROM pg_catalog.pg_seclabels"
                            + " ORDER BY classoid, objoid, objsubid")) {
                annotations.label(
                        new CatalogId(row.oid("classoid"), row.oid("objoid")),
                        new Annotations.Label(row.integer("objsubid"), row.text("provider"), row.text("label")));
            }
        }
    }

    /** What is initial for the schema public is not what initdb gave its first owner, but, from 15 on, what its owner now would have. */
    private static boolean isPublic(DumpObject object) {
        return object instanceof Schema schema && schema.name().equals("public");
    }
}
