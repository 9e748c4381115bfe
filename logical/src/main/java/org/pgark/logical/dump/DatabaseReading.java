package org.pgark.logical.dump;

import java.util.List;
import org.pgark.logical.catalog.AnnotationKind;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.DependencyKind;
import org.pgark.logical.catalog.ExtensionKind;
import org.pgark.logical.catalog.RoleKind;
import org.pgark.logical.catalog.SchemaKind;
import org.pgark.logical.largeobject.LargeObjectKind;
import org.pgark.logical.relation.ColumnKind;
import org.pgark.logical.relation.ConfigurationTableKind;
import org.pgark.logical.relation.DataKind;
import org.pgark.logical.relation.DetailKind;
import org.pgark.logical.relation.ForeignKeyKind;
import org.pgark.logical.relation.IndexKind;
import org.pgark.logical.relation.InheritanceKind;
import org.pgark.logical.relation.InheritedColumnKind;
import org.pgark.logical.relation.PolicyKind;
import org.pgark.logical.relation.RelationKind;
import org.pgark.logical.relation.RuleKind;
import org.pgark.logical.relation.TriggerKind;

/** Reads everything that a dump may hold. */
final class DatabaseReading {
    /**
     * Every kind, in the order of reading. Dump ids follow it, and with them how loops of dependencies are found; tables come early,
     * so that they are locked soon after the snapshot.
     */
    static final List<CatalogKind> KINDS = List.of(
            new RoleKind(),
            new ExtensionKind(),
            new SchemaKind(),
            new RelationKind(),
            // functions, types, languages, aggregates, operators, access methods, operator classes and families, text
            // search
            // (parsers, templates, dictionaries, configurations), foreign data wrappers and servers, default
            // privileges,
            // collations, conversions, casts and transforms stand here
            new InheritanceKind(),
            // event triggers stand here
            new ConfigurationTableKind(),
            new InheritanceKind.Attachments(),
            new ColumnKind(),
            new InheritedColumnKind(),
            new DetailKind(),
            new IndexKind(),
            new IndexKind.Attachments(),
            // extended statistics stand here
            new ForeignKeyKind(),
            new TriggerKind(),
            new RuleKind(),
            new PolicyKind(),
            // publications, their tables and schemas, subscriptions and their tables stand here
            new DataKind(),
            new LargeObjectKind(),
            new DependencyKind(),
            new AnnotationKind());

    private DatabaseReading() {}

    static void read(CatalogReading reading) {
        for (CatalogKind kind : KINDS) {
            reading.listener().progress(kind.progress());
            kind.read(reading);
        }
    }
}
