package org.pgark.logical.type;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Row;

/** Constraints of domains, read before the domains: each gets its dump id right after its domain, as in pg_dump. */
final class DomainConstraintReading {
    private final CatalogReading reading;
    private final Map<Long, List<Row>> rows = new HashMap<>();

    DomainConstraintReading(CatalogReading reading) {
        this.reading = reading;
        boolean named = reading.server() >= 170000 && reading.options().emulated() >= 17;
        for (Row row : reading.session().rows("""
                SELECT contypid, oid AS conoid, conname, pg_catalog.pg_get_constraintdef(oid) AS definition, convalidated, contype
                FROM pg_catalog.pg_constraint WHERE contype IN (%s) AND contypid <> 0 ORDER BY contypid, conname\
                """.formatted(named ? "'c', 'n'" : "'c'"))) {
            rows.computeIfAbsent(row.oid("contypid"), _ -> new ArrayList<>()).add(row);
        }
    }

    /** Adds those of a domain to it and to the catalogue. */
    void add(DataType domain) {
        for (Row row : rows.getOrDefault(domain.oid(), List.of())) {
            DomainConstraint constraint = reading.catalog().add(new DomainConstraint(row, domain));
            domain.constraints().add(constraint);
            if (!constraint.isSeparate()) {
                domain.dependOn(constraint);
            }
        }
    }
}
