package org.pgark.logical.catalog;

/**
 * Where an object stands in the catalogues: the OID of the catalogue and the OID of its row.
 *
 * @param catalog OID of the system catalogue, 0 for what no catalogue holds
 * @param oid OID of the row
 */
public record CatalogId(long catalog, long oid) {
    /** The id of what only the dump knows: boundaries, attachments, table data. */
    public static final CatalogId NONE = new CatalogId(0, 0);

    /** Written out, like {@link #hashCode()}: a dump looks up hundreds of thousands of ids, and a record's own are slow. */
    @Override
    public boolean equals(Object other) {
        return other instanceof CatalogId id && oid == id.oid && catalog == id.catalog;
    }

    @Override
    public int hashCode() {
        return (int) (oid * 31 + catalog);
    }

    public boolean isIn(SystemCatalog other) {
        return catalog == other.oid();
    }
}
