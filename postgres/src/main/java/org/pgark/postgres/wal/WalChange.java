package org.pgark.postgres.wal;

import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.control.WalLevel;

/**
 * What one record of WAL says of a cluster's relations besides the single pages that it changes. Object numbers are to be
 * read as unsigned; a tablespace is given by its number, also the two built-in ones, and the database is 0 for relations
 * that all databases share.
 *
 * <p>A <em>limit</em> is how many blocks of a fork, from its start on, may still be what they were before the record:
 * nothing is known of the blocks at the limit and above, whatever an earlier copy holds there, even if their number is
 * below the fork's present length. Pages changed before the record and at the limit or above are of no more account.
 */
public sealed interface WalChange {
    /**
     * A fork's file was made, by {@code XLOG_SMGR_CREATE}: its limit is 0, for the number may have been in use before.
     * Rolled back creations are followed by a {@link RelationDropped}.
     *
     * @param fork 0 main, 2 visibility map, 3 init; the server says nothing when it makes 1, the free space map
     */
    record ForkCreated(int tablespace, int database, int relation, int fork) implements WalChange {}

    /**
     * A fork was cut, by {@code XLOG_SMGR_TRUNCATE}. One record cuts the main fork, the visibility map and the free space
     * map, or some of them; each has an event of its own.
     *
     * @param fork 0 main, 1 free space map, 2 visibility map
     * @param limit for the main fork its new length in blocks. For the visibility map the number of the page that covers
     *     the first block cut off, since bits of that page are cleared without a word in the WAL; {@code
     *     pg_wal_summary_contents} gives up to one more, in minor releases before 17.11 and 18.6 many more. For the free
     *     space map 0
     */
    record ForkTruncated(int tablespace, int database, int relation, int fork, int limit) implements WalChange {}

    /** A commit or an abort, also of a prepared transaction, removed all forks of a relation: the limit of each is 0. */
    record RelationDropped(int tablespace, int database, int relation) implements WalChange {}

    /**
     * A folder of a database was made in a tablespace, by CREATE DATABASE or ALTER DATABASE SET TABLESPACE: the limit is 0
     * for every fork of every relation in it.
     *
     * @param copied whether its files were copied, so that the WAL does not name them; if not, records of their own make
     *     and fill them afterwards. Before version 15 always true
     */
    record DatabaseCreated(int tablespace, int database, boolean copied) implements WalChange {}

    /**
     * A folder of a database was removed from a tablespace, by DROP DATABASE or ALTER DATABASE SET TABLESPACE: the limit
     * is 0 for every fork of every relation in it.
     */
    record DatabaseDropped(int tablespace, int database) implements WalChange {}

    /**
     * The server says how much it writes into its WAL: from this record on up to the next such one. Under {@link
     * WalLevel#MINIMAL} pages can change without a record, so WAL up to the next one that says otherwise is no account of
     * what changed. Written when the setting was changed, by 17 and later also with each checkpoint, each redo point and at
     * the end of recovery. What holds where a stretch of WAL begins, pg_control tells.
     */
    record WalLevelStated(WalLevel level) implements WalChange {}

    /**
     * A point from which recovery can begin: the record of a shutdown checkpoint, or from 17 on {@code
     * XLOG_CHECKPOINT_REDO}, which an online checkpoint writes when it begins. Before 17 an online checkpoint leaves no
     * record there; see {@link CheckpointDone}.
     */
    record RedoPoint() implements WalChange {}

    /**
     * A checkpoint was done.
     *
     * @param redo where recovery from it begins; of an online checkpoint an earlier position, before 17 not always one at
     *     which a record begins
     * @param timeline on which it was made
     * @param shutdown whether nothing was written meanwhile
     */
    record CheckpointDone(Lsn redo, Timeline timeline, boolean shutdown) implements WalChange {}

    /** A timeline began, without a checkpoint: {@code XLOG_END_OF_RECOVERY}. */
    record RecoveryEnded(Timeline timeline, Timeline previous) implements WalChange {}

    /**
     * A record that a crash cut off never took effect, and the WAL goes on in its place: {@code XLOG_OVERWRITE_CONTRECORD}.
     *
     * @param cut where that record began
     */
    record RecordOverwritten(Lsn cut) implements WalChange {}

    /**
     * Files of relations changed in a way that pgark cannot read: a record that says so by {@code XLR_SPECIAL_REL_UPDATE}
     * and is of no known kind, or one that does not hold what its kind must, or more than the reader keeps. Any page of any
     * relation may have changed.
     *
     * @param resourceManager 0 to 255
     * @param info the record's {@code xl_info}
     */
    record UnknownChange(int resourceManager, int info) implements WalChange {}
}
