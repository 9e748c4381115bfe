package org.pgark.logical.routine;

import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Row;

/** Reads event triggers. */
public final class EventTriggerKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading event triggers";
    }

    @Override
    public void read(CatalogReading reading) {
        for (Row row : reading.session().rows("""
                SELECT e.oid, evtname, evtenabled, evtevent, evtowner, e.evtfoid::regproc AS evtfname,
                  array_to_string(array(SELECT quote_literal(x) FROM unnest(evttags) AS t(x)), ', ') AS evttags
                FROM pg_event_trigger e ORDER BY e.oid""")) {
            reading.selection().select(reading.catalog().add(new EventTrigger(row, reading.catalog())));
        }
    }
}
