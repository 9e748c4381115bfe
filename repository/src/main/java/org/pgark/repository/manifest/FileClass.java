package org.pgark.repository.manifest;

/** What a file belongs to, which decides where it is restored to. */
public sealed interface FileClass {
    /** The data directory; the path is relative to it. */
    record ClusterData() implements FileClass {}

    /**
     * A tablespace outside the data directory; the path is {@code pg_tblspc/<oid>/...}, as the server sees it.
     *
     * @param oid the tablespace's OID
     */
    record Tablespace(long oid) implements FileClass {
        public Tablespace {
            if (oid < 1 || oid > 0xFFFF_FFFFL) {
                throw new IllegalArgumentException("invalid tablespace OID " + oid);
            }
        }
    }

    /** A configuration file outside the data directory; the path is absolute. */
    record ExternalConfiguration() implements FileClass {}
}
