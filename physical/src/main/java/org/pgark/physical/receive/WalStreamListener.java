package org.pgark.physical.receive;

import org.pgark.postgres.Lsn;

/** Decides when a stream has gone far enough, and hears what is worth a line. */
public interface WalStreamListener {
    /**
     * Whether to stop here.
     *
     * @param segmentFinished whether a segment has just been completed
     */
    boolean reached(Lsn position, int timeline, boolean segmentFinished);

    /** Something that PostgreSQL's programs print without being asked. */
    void info(String line);

    /**
     * The flush position that the server may be told, at most {@code flushed}.
     *
     * @param flushed up to where the place has made the WAL durable
     */
    default Lsn reportable(Lsn flushed, int timeline) {
        return flushed;
    }

    /** The server has said where its WAL ends. */
    default void serverEnd(Lsn end) {
        // Most do not care.
    }
}
