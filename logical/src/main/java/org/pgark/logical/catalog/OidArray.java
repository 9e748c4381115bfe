package org.pgark.logical.catalog;

import java.util.Collection;
import java.util.stream.Collectors;

/** Lists of OIDs within the text of a query. */
public final class OidArray {
    private OidArray() {}

    /** An expression of type oid[]. */
    public static String sql(Collection<Long> oids) {
        return oids.stream().map(String::valueOf).collect(Collectors.joining(",", "'{", "}'::pg_catalog.oid[]"));
    }

    /** An expression of type oid[] over the OIDs of objects. */
    public static String of(Collection<? extends DumpObject> objects) {
        return sql(objects.stream().map(DumpObject::oid).toList());
    }
}
