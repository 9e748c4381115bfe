package org.pgark.postgres.wal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;

/** Finds single records in segments, for targets that the facts of a segment tell only roughly. */
public final class WalSearch {
    private static final int CHUNK_BYTES = 256 << 10;

    private WalSearch() {}

    /**
     * The commit or abort of a transaction.
     *
     * @param xid the transaction, to be read as unsigned
     * @param segments the content of one or more segments that follow each other; is not closed
     * @param start the first byte's position, a segment's start
     */
    public static Optional<TransactionEnd> endOf(int xid, InputStream segments, Lsn start) throws IOException {
        return first(end -> end.xid() == xid, segments, start);
    }

    /**
     * The first commit or abort, in the WAL's order, that is later than a time: where recovery to that time stops.
     *
     * @param time the target
     * @param inclusive whether commits of exactly that time still belong to what is wanted
     * @param segments the content of one or more segments that follow each other; is not closed
     * @param start the first byte's position, a segment's start
     */
    public static Optional<TransactionEnd> firstAfter(Instant time, boolean inclusive, InputStream segments, Lsn start)
            throws IOException {
        return first(
                end -> end.time().isAfter(time) || (!inclusive && end.time().equals(time)), segments, start);
    }

    /**
     * The first commit or abort, in the WAL's order, that is wanted.
     *
     * @param segments the content of one or more segments that follow each other; is not closed
     * @param start the first byte's position, a segment's start
     */
    public static Optional<TransactionEnd> first(Predicate<TransactionEnd> wanted, InputStream segments, Lsn start)
            throws IOException {
        WalReader reader = new WalReader(start);
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int size = segments.read(chunk); size >= 0 && !reader.hasEnded(); size = segments.read(chunk)) {
            reader.feed(ByteBuffer.wrap(chunk, 0, size));
            while (reader.next()) {
                PostgresMajor major = reader.header().orElseThrow().major();
                Optional<TransactionEnd> end =
                        TransactionRecords.end(reader.record(), major).filter(wanted);
                if (end.isPresent()) {
                    return end;
                }
            }
        }
        return Optional.empty();
    }
}
