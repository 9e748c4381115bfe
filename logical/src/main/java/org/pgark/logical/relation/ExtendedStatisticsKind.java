package org.pgark.logical.relation;

import java.util.ArrayList;
import java.util.List;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.ChangedMeanwhileException;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.Components;
import org.pgark.logical.catalog.OidArray;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.Schema;
import org.pgark.logical.catalog.SystemCatalog;

/** Reads the objects of extended statistics of the tables that are dumped. */
public final class ExtendedStatisticsKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading extended statistics";
    }

    @Override
    public void read(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        List<ExtendedStatistics> chosen = new ArrayList<>();
        for (Row row : reading.session()
                .rows("SELECT oid, stxname, stxnamespace, stxowner, stxrelid, "
                        + (reading.server() >= 130000 ? "stxstattarget" : "NULL AS stxstattarget")
                        + " FROM pg_catalog.pg_statistic_ext")) {
            ExtendedStatistics statistics = catalog.add(new ExtendedStatistics(row, catalog));
            boolean ofDumpedTable = catalog.find(SystemCatalog.CLASS, row.oid("stxrelid"), Relation.class)
                    .filter(table -> table.wants(Component.DEFINITION))
                    .isPresent();
            if (!reading.selection().adoptExtensionMembership(statistics)) {
                statistics.want(
                        ofDumpedTable
                                ? statistics
                                        .schema()
                                        .map(Schema::wantedOfContents)
                                        .orElse(Components.NONE)
                                : Components.NONE);
            }
            if (statistics.wants(Component.DEFINITION)) {
                chosen.add(statistics);
            }
        }
        if (!chosen.isEmpty()) {
            for (Row row : reading.session()
                    .rows("SELECT oid, pg_catalog.pg_get_statisticsobjdef(oid) AS definition"
                            + " FROM pg_catalog.pg_statistic_ext WHERE oid = ANY (" + OidArray.of(chosen) + ")")) {
                catalog.find(SystemCatalog.STATISTICS, row.oid("oid"), ExtendedStatistics.class)
                        .ifPresent(statistics -> statistics.define(ChangedMeanwhileException.required(
                                row.optional("definition"), "statistics object \"" + statistics.name() + "\"")));
            }
        }
    }
}
