package org.pgark.logical.catalog;

/** Reads the extensions and notes which objects belong to them; it comes before all other kinds. */
public final class ExtensionKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading extensions";
    }

    @Override
    public void read(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        for (Row row : reading.session().rows("""
                SELECT x.oid, x.extname, n.nspname, x.extconfig, x.extcondition
                FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace""")) {
            Extension extension = catalog.add(new Extension(
                    SystemCatalog.EXTENSION.id(row.oid("oid")),
                    row.text("extname"),
                    row.text("nspname"),
                    row.oids("extconfig"),
                    row.array("extcondition")));
            reading.selection().selectExtension(extension);
        }
        reading.listener().progress("identifying extension members");
        for (Row row : reading.session().rows("""
                SELECT classid, objid, refobjid FROM pg_depend
                WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e' ORDER BY refobjid""")) {
            CatalogId member = new CatalogId(row.oid("classid"), row.oid("objid"));
            catalog.find(SystemCatalog.EXTENSION, row.oid("refobjid"), Extension.class)
                    .ifPresentOrElse(
                            extension -> catalog.recordMember(member, extension),
                            () -> reading.listener()
                                    .warning("could not find referenced extension " + row.text("refobjid")));
        }
    }
}
