package org.pgark.logical.catalog;

/** Reads all schemas, the system's too, since every object refers to its schema. */
public final class SchemaKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading schemas";
    }

    @Override
    public void read(CatalogReading reading) {
        for (Row row : reading.session().rows("""
                SELECT n.oid, n.nspname, n.nspowner, n.nspacl, acldefault('n', n.nspowner) AS builtin
                FROM pg_namespace n""")) {
            String owner = reading.catalog().role(row.oid("nspowner"));
            CatalogId id = SystemCatalog.NAMESPACE.id(row.oid("oid"));
            Schema schema = reading.catalog()
                    .add(new Schema(
                            id,
                            row.text("nspname"),
                            owner,
                            new Privileges(row.optional("nspacl"), row.text("builtin"))));
            if (schema.name().equals("public") && reading.options().emulated() >= 15) {
                reading.catalog().annotations().initialPrivileges(id, initialPrivileges(owner));
            }
            reading.selection().selectSchema(schema, row.oid("nspowner"));
        }
    }

    /** What the schema public has in a new database of 15 and later, had this role made it. */
    private static String initialPrivileges(String owner) {
        String role = owner.matches("[A-Za-z0-9_]*") ? owner : '"' + owner.replace("\"", "\"\"") + '"';
        return "{" + element(role + "=UC/" + role) + "," + element("=U/" + role) + "}";
    }

    private static String element(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
