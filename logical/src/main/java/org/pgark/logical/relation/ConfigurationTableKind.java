package org.pgark.logical.relation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.Extension;
import org.pgark.logical.catalog.PatternUse;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.Schema;
import org.pgark.logical.catalog.Selection;
import org.pgark.logical.catalog.SystemCatalog;

/** Dumps the rows of tables that extensions have marked as the user's, even where only the schema is dumped. */
public final class ConfigurationTableKind implements CatalogKind {
    @Override
    public String progress() {
        return "finding extension tables";
    }

    @Override
    public void read(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        boolean any = false;
        List<Relation> carried = new ArrayList<>();
        for (Extension extension : catalog.all(Extension.class)) {
            any |= !extension.configurationTables().isEmpty();
            for (int i = 0; i < extension.configurationTables().size(); i++) {
                String condition = extension.configurationConditions().get(i);
                catalog.find(
                                SystemCatalog.CLASS,
                                extension.configurationTables().get(i),
                                Relation.class)
                        .filter(table -> isDumped(reading.selection(), extension, table))
                        .ifPresent(table -> {
                            carry(reading, table, condition);
                            carried.add(table);
                        });
            }
        }
        new LockedTables(reading).lockForRows(carried);
        if (any) {
            orderByForeignKeys(reading);
        }
    }

    private static void carry(CatalogReading reading, Relation table, String condition) {
        new DataChoice(reading).carry(table);
        if (table.data().isPresent() && table.data().get() instanceof TableRows rows && !condition.isEmpty()) {
            rows.restrict(condition);
        }
    }

    private static boolean isDumped(Selection selection, Extension extension, Relation table) {
        boolean extensionLeftOut = (!selection
                                .named(PatternUse.INCLUDE_EXTENSION)
                                .isEmpty()
                        && !selection.named(PatternUse.INCLUDE_EXTENSION).contains(extension.oid()))
                || selection.named(PatternUse.EXCLUDE_EXTENSION).contains(extension.oid());
        Optional<Schema> schema = table.schema();
        boolean excluded = selection.named(PatternUse.EXCLUDE_TABLE).contains(table.oid())
                || selection
                        .named(PatternUse.EXCLUDE_SCHEMA)
                        .contains(schema.map(Schema::oid).orElse(0L));
        if (extensionLeftOut || excluded) {
            return false;
        }
        return extension.wants(Component.DEFINITION)
                || selection.named(PatternUse.INCLUDE_TABLE).contains(table.oid())
                || schema.filter(named -> named.wants(Component.DATA)).isPresent();
    }

    /** The extension makes its foreign keys before the rows come. */
    private static void orderByForeignKeys(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        for (Row row : reading.session().rows("""
                SELECT conrelid, confrelid FROM pg_constraint JOIN pg_depend ON objid = confrelid
                WHERE contype = 'f' AND refclassid = 'pg_extension'::regclass AND classid = 'pg_class'::regclass""")) {
            Optional<RelationData> referring = catalog.find(SystemCatalog.CLASS, row.oid("conrelid"), Relation.class)
                    .flatMap(Relation::data);
            Optional<RelationData> referenced = catalog.find(SystemCatalog.CLASS, row.oid("confrelid"), Relation.class)
                    .flatMap(Relation::data);
            if (referring.isPresent() && referenced.isPresent()) {
                referring.get().dependOn(referenced.get());
            }
        }
    }
}
