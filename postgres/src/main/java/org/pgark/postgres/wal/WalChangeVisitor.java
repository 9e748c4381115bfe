package org.pgark.postgres.wal;

import org.pgark.postgres.Lsn;

/** Is told by {@link WalChanges} what records say, in the WAL's order. */
public interface WalChangeVisitor {
    /**
     * A record names a page that it changes, or carries whole. That may be a page which already held what the record says;
     * a change of hint bits alone may have no record. Object and page numbers are to be read as unsigned.
     *
     * <p>Pages of all forks are told. Those of free space maps are only some of the ones that change, those of visibility
     * maps all but the ones whose bits a heap record clears (named by no server before 17.11 and 18.6): neither is a full
     * account of its fork. Pages that are only appended, as zeroes, have no record; so a page that is at or beyond the
     * length of an earlier copy is to be taken as changed. Files that are not forks of relations, {@code pg_filenode.map}
     * and the folders of transaction status among them, are not told of at all.
     *
     * @param database 0 for relations that all databases share
     * @param fork 0 main, 1 free space map, 2 visibility map, 3 init
     */
    void blockChanged(int tablespace, int database, int relation, int fork, int block);

    /**
     * A record says something else of files of relations.
     *
     * @param at where the record begins
     */
    void changed(Lsn at, WalChange change);
}
