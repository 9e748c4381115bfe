package org.pgark.postgres.wal;

import java.time.Instant;
import org.pgark.postgres.Lsn;

/**
 * A commit or abort, of a plain or a prepared transaction.
 *
 * @param xid the transaction's 32-bit id, to be read as unsigned
 * @param committed whether it committed
 * @param time when, by the server's clock, in microseconds
 * @param start where its record begins
 * @param end where its record ends
 */
public record TransactionEnd(int xid, boolean committed, Instant time, Lsn start, Lsn end) {}
