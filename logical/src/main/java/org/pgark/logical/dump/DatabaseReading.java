package org.pgark.logical.dump;

import java.util.List;
import org.pgark.logical.catalog.AnnotationKind;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.DependencyKind;
import org.pgark.logical.catalog.ExtensionKind;
import org.pgark.logical.catalog.RoleKind;
import org.pgark.logical.catalog.SchemaKind;
import org.pgark.logical.foreign.ForeignDataWrapperKind;
import org.pgark.logical.foreign.ForeignServerKind;
import org.pgark.logical.largeobject.LargeObjectKind;
import org.pgark.logical.operator.AccessMethodKind;
import org.pgark.logical.operator.OperatorGroupKind;
import org.pgark.logical.operator.OperatorKind;
import org.pgark.logical.relation.ColumnKind;
import org.pgark.logical.relation.ConfigurationTableKind;
import org.pgark.logical.relation.DataKind;
import org.pgark.logical.relation.DetailKind;
import org.pgark.logical.relation.ExtendedStatisticsKind;
import org.pgark.logical.relation.ForeignKeyKind;
import org.pgark.logical.relation.IndexKind;
import org.pgark.logical.relation.InheritanceKind;
import org.pgark.logical.relation.InheritedColumnKind;
import org.pgark.logical.relation.PolicyKind;
import org.pgark.logical.relation.RelationKind;
import org.pgark.logical.relation.RuleKind;
import org.pgark.logical.relation.StatisticsKind;
import org.pgark.logical.relation.TriggerKind;
import org.pgark.logical.replication.PublicationKind;
import org.pgark.logical.replication.SubscriptionKind;
import org.pgark.logical.routine.AggregateKind;
import org.pgark.logical.routine.CastKind;
import org.pgark.logical.routine.EventTriggerKind;
import org.pgark.logical.routine.FunctionKind;
import org.pgark.logical.routine.LanguageKind;
import org.pgark.logical.routine.TransformKind;
import org.pgark.logical.sql.DefaultPrivilegesKind;
import org.pgark.logical.text.CollationKind;
import org.pgark.logical.text.ConversionKind;
import org.pgark.logical.text.TextSearchKind;
import org.pgark.logical.type.TypeKind;

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
            new FunctionKind(),
            new TypeKind(),
            new LanguageKind(),
            new AggregateKind(),
            new OperatorKind(),
            new AccessMethodKind(),
            OperatorGroupKind.classes(),
            OperatorGroupKind.families(),
            TextSearchKind.parsers(),
            TextSearchKind.templates(),
            TextSearchKind.dictionaries(),
            TextSearchKind.configurations(),
            new ForeignDataWrapperKind(),
            new ForeignServerKind(),
            new DefaultPrivilegesKind(),
            new CollationKind(),
            new ConversionKind(),
            new CastKind(),
            new TransformKind(),
            new InheritanceKind(),
            new EventTriggerKind(),
            new ConfigurationTableKind(),
            new InheritanceKind.Attachments(),
            new ColumnKind(),
            new InheritedColumnKind(),
            new DetailKind(),
            new IndexKind(),
            new IndexKind.Attachments(),
            new StatisticsKind(),
            new ExtendedStatisticsKind(),
            new ForeignKeyKind(),
            new TriggerKind(),
            new RuleKind(),
            new PolicyKind(),
            new PublicationKind(),
            new SubscriptionKind(),
            new DataKind(),
            new LargeObjectKind(),
            new DependencyKind(),
            new AnnotationKind());

    private DatabaseReading() {}

    static void read(CatalogReading reading) {
        for (CatalogKind kind : KINDS) {
            if (!kind.progress().isEmpty()) {
                reading.listener().progress(kind.progress());
            }
            kind.read(reading);
        }
    }
}
