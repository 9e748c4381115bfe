package org.pgark.embedded.ledger;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.pgark.embedded.Sessions;

/** One client of the load. It outlives crashes of the server: it connects again until it is told to stop. */
final class LedgerWriter implements Runnable {
    private static final long RECONNECT_MILLIS = 50;
    private static final long TRANSACTION_ID_MASK = 0xFFFF_FFFFL;

    private final Sessions sessions;
    private final LedgerTables tables;
    private final LedgerBook book;
    private final Shared shared;

    /**
     * What the writers of one ledger share.
     *
     * @param inTransaction held while a transaction is under way, so that a mark can wait for quiet
     * @param pause between two transactions of a writer
     * @param lastTrouble why a writer had to connect again, or gave up
     */
    record Shared(
            AtomicLong lastId,
            AtomicBoolean stopping,
            Lock inTransaction,
            int accounts,
            Duration pause,
            AtomicReference<@Nullable Exception> lastTrouble) {}

    LedgerWriter(Sessions sessions, LedgerTables tables, LedgerBook book, Shared shared) {
        this.sessions = sessions;
        this.tables = tables;
        this.book = book;
        this.shared = shared;
    }

    @Override
    public void run() {
        while (!shared.stopping().get()) {
            try (Connection connection = sessions.open()) {
                write(connection);
            } catch (SQLException serverGone) {
                shared.lastTrouble().set(serverGone);
                sleep(Duration.ofMillis(RECONNECT_MILLIS));
            } catch (IOException e) {
                shared.lastTrouble().set(e);
                return;
            }
        }
    }

    private void write(Connection connection) throws SQLException, IOException {
        boolean exact = tracksCommitTimestamps(connection);
        connection.setAutoCommit(false);
        try (PreparedStatement booking = connection.prepareStatement(tables.booking());
                PreparedStatement asking =
                        connection.prepareStatement("select pg_current_wal_insert_lsn()::text, clock_timestamp(), "
                                + (exact ? "pg_xact_commit_timestamp(?::xid)" : "null::timestamptz, ?::xid"))) {
            while (!shared.stopping().get()) {
                shared.inTransaction().lock();
                try {
                    book(connection, booking, asking);
                } finally {
                    shared.inTransaction().unlock();
                }
                sleep(shared.pause());
            }
        }
    }

    private void book(Connection connection, PreparedStatement booking, PreparedStatement asking)
            throws SQLException, IOException {
        LedgerEntry attempt = attempt(booking);
        book.write(attempt);
        connection.commit();
        asking.setString(1, Long.toString(attempt.transaction()));
        try (ResultSet answer = asking.executeQuery()) {
            answer.next();
            WalPosition position = WalPosition.parse(answer.getString(1));
            Instant now = instant(answer, 2);
            boolean exact = answer.getObject(3) != null;
            Instant earliest = exact ? instant(answer, 3) : attempt.earliest();
            book.write(attempt.asCommitted(position, earliest, exact ? earliest : now, now));
        } catch (SQLException serverGone) {
            book.write(attempt.asCommitted());
            throw serverGone;
        }
        connection.rollback();
    }

    private LedgerEntry attempt(PreparedStatement booking) throws SQLException {
        long id = shared.lastId().incrementAndGet();
        booking.setLong(1, id);
        booking.setInt(2, ThreadLocalRandom.current().nextInt(shared.accounts()) + 1);
        booking.setLong(3, ThreadLocalRandom.current().nextLong(-10_000, 10_000));
        try (ResultSet answer = booking.executeQuery()) {
            if (!answer.next()) {
                throw new IllegalStateException("the booking of entry " + id + " found no account");
            }
            return LedgerEntry.attempt(
                    id,
                    Long.parseLong(answer.getString(1)) & TRANSACTION_ID_MASK,
                    WalPosition.parse(answer.getString(2)),
                    instant(answer, 3));
        }
    }

    private static boolean tracksCommitTimestamps(Connection connection) throws SQLException {
        try (ResultSet answer =
                connection.createStatement().executeQuery("select current_setting('track_commit_timestamp')")) {
            return answer.next() && answer.getString(1).equals("on");
        }
    }

    static Instant instant(ResultSet answer, int column) throws SQLException {
        return answer.getObject(column, OffsetDateTime.class).toInstant();
    }

    private void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            shared.stopping().set(true);
            Thread.currentThread().interrupt();
        }
    }
}
