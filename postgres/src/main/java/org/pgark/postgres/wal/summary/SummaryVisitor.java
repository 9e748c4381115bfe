package org.pgark.postgres.wal.summary;

import java.io.IOException;

/** Is told what a summary holds, in its order. */
public interface SummaryVisitor {
    /**
     * A fork of a relation. Object numbers are to be read as unsigned.
     *
     * @param limit its shortest length within the WAL, in blocks; -1 if nothing is known to have cut or made it
     * @param blocks which blocks changed, in ascending order, to be read as unsigned
     */
    void fork(int tablespace, int database, int relation, int fork, int limit, int[] blocks) throws IOException;
}
