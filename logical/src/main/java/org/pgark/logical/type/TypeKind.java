package org.pgark.logical.type;

import java.util.ArrayList;
import java.util.List;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.Components;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.Schema;
import org.pgark.logical.catalog.SystemCatalog;
import org.pgark.logical.relation.Relation;

/** Reads all data types, the server's too, since everything refers to them. */
public final class TypeKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading user-defined types";
    }

    @Override
    public void read(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        List<DataType> chosen = new ArrayList<>();
        DomainConstraintReading constraints = new DomainConstraintReading(reading);
        reading.session().eachRow("""
            SELECT oid, typname, typnamespace, typacl, acldefault('T', typowner) AS acldefault, typowner, typelem, typrelid,
              CASE WHEN typrelid = 0 THEN ' '::"char" ELSE (SELECT relkind FROM pg_class WHERE oid = typrelid) END AS typrelkind,
              typtype, typisdefined, pg_catalog.format_type(oid, NULL) AS formatted,
              typname[0] = '_' AND typelem != 0
                AND (SELECT typarray FROM pg_type te WHERE oid = pg_type.typelem) = oid AS isarray
            FROM pg_type\
            """, row -> {
            DataType type = catalog.add(new DataType(row, catalog));
            select(reading, type, row);
            // Row types of tables and arrays, of which a database has most, are never written.
            if (!type.wanted().isEmpty() && type.kind() != ObjectKind.DUMMY_TYPE) {
                chosen.add(type);
            }
            if (type.wants(Component.DEFINITION) && type.form() == TypeForm.DOMAIN) {
                constraints.add(type);
            }
            if (type.wants(Component.DEFINITION) && (type.form() == TypeForm.BASE || type.form() == TypeForm.RANGE)) {
                type.announceBy(catalog.add(new ShellType(type)));
            }
        });
        new TypeDefinitions(reading, chosen).read();
    }

    private static void select(CatalogReading reading, DataType type, Row row) {
        if (type.shape() != 0 && row.letter("typrelkind") != 'c') {
            type.want(reading.catalog()
                    .find(SystemCatalog.CLASS, type.shape(), Relation.class)
                    .map(DumpObject::wanted)
                    .orElse(Components.NONE));
        } else if (!reading.selection().adoptExtensionMembership(type)) {
            type.want(type.schema().map(Schema::wantedOfContents).orElse(Components.NONE));
        }
    }
}
