package org.pgark.logical.catalog;

/**
 * The reading of one database's catalogues: what every kind reads with and into.
 *
 * @param session the connection, inside the dump's snapshot
 * @param locks what is locked of it, and has to be
 */
public record CatalogReading(
        CatalogSession session,
        Catalog catalog,
        Selection selection,
        DumpOptions options,
        SqlWords words,
        TableLocks locks,
        DumpListener listener) {

    /** The server's version as a number, 150004 for 15.4. */
    public int server() {
        return session.serverVersion();
    }
}
