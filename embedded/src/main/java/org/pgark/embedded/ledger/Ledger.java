package org.pgark.embedded.ledger;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.pgark.embedded.Sessions;

/**
 * A running write load with its book. Writers insert rows and move balances, each transaction on its own, and write
 * down what they were told. Safe for use by several threads.
 *
 * <p>Where a database goes on along another timeline, positions are given out again: then begin another ledger, with
 * another name, and judge each for itself.
 */
public final class Ledger implements AutoCloseable {
    private static final int ACCOUNTS_PER_WRITER = 50;

    private final Sessions sessions;
    private final LedgerTables tables;
    private final LedgerBook book;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final ReentrantReadWriteLock quiet = new ReentrantReadWriteLock(true);
    private final AtomicReference<@Nullable Exception> lastTrouble = new AtomicReference<>();
    private final List<Thread> writers = new ArrayList<>();

    private Ledger(Sessions sessions, LedgerTables tables, LedgerBook book) {
        this.sessions = sessions;
        this.tables = tables;
        this.book = book;
    }

    /**
     * Makes the tables in a schema of this name and starts the load.
     *
     * @param sessions where the database is
     * @param name of the schema, which must not exist
     * @param writers how many sessions write at once
     * @param pause between two transactions of a writer
     * @param file where the book is written to; must not exist
     */
    public static Ledger start(Sessions sessions, String name, int writers, Duration pause, Path file)
            throws IOException, SQLException {
        LedgerTables tables = new LedgerTables(name);
        int accounts = writers * ACCOUNTS_PER_WRITER;
        try (Connection connection = sessions.open()) {
            tables.create(connection, accounts);
        }
        Ledger ledger = new Ledger(sessions, tables, LedgerBook.create(file));
        LedgerWriter.Shared shared = new LedgerWriter.Shared(
                new AtomicLong(), ledger.stopping, ledger.quiet.readLock(), accounts, pause, ledger.lastTrouble);
        for (int writer = 1; writer <= writers; writer++) {
            ledger.writers.add(Thread.ofPlatform()
                    .name(name + " writer " + writer)
                    .daemon(true)
                    .start(new LedgerWriter(sessions, tables, ledger.book, shared)));
        }
        return ledger;
    }

    /** What is known so far. */
    public LedgerBook book() {
        return book;
    }

    /** Waits until this many commits more than now are acknowledged. */
    public void awaitCommits(int more, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        int wanted = book.commits() + more;
        while (book.commits() < wanted) {
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "the load did not commit " + more + " transactions in " + patience.toSeconds() + " s",
                        lastTrouble.get());
            }
            sleepMillis(10);
        }
    }

    /** Holds the load for a moment and notes it: every commit so far lies before it, every other one after it. */
    public LedgerMark mark() throws IOException, SQLException {
        quiet.writeLock().lock();
        try (Connection connection = sessions.open();
                Statement statement = connection.createStatement()) {
            // The clock counts microseconds: neither the commit before nor the one after shares one with the mark.
            sleepMillis(2);
            try (ResultSet answer =
                    statement.executeQuery("select clock_timestamp(), pg_current_wal_insert_lsn()::text")) {
                answer.next();
                LedgerMark mark = new LedgerMark(
                        LedgerWriter.instant(answer, 1), WalPosition.parse(answer.getString(2)), book.commits());
                book.write(mark.position());
                sleepMillis(2);
                return mark;
            }
        } finally {
            quiet.writeLock().unlock();
        }
    }

    /** Makes a named restore point and notes where it is. */
    public WalPosition restorePoint(String name) throws IOException, SQLException {
        try (Connection connection = sessions.open();
                PreparedStatement statement = connection.prepareStatement("select pg_create_restore_point(?)::text")) {
            statement.setString(1, name);
            try (ResultSet answer = statement.executeQuery()) {
                answer.next();
                WalPosition end = WalPosition.parse(answer.getString(1));
                book.write(name, end);
                return end;
            }
        }
    }

    /** Stops the load; a transaction under way comes to its end first. */
    public void stop() throws IOException {
        stopping.set(true);
        try {
            for (Thread writer : writers) {
                writer.join();
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /**
     * Judges a restored cluster.
     *
     * @param restored a session in the database that was restored
     */
    public LedgerVerdict judge(Connection restored, LedgerTarget target) throws SQLException {
        return new LedgerJudge(book).judge(target, tables.ids(restored), tables.contradictions(restored));
    }

    /** Judges by a book that another process wrote. */
    public static LedgerVerdict judge(LedgerBook book, String name, Connection restored, LedgerTarget target)
            throws SQLException {
        LedgerTables tables = new LedgerTables(name);
        return new LedgerJudge(book).judge(target, tables.ids(restored), tables.contradictions(restored));
    }

    /** Stops the load and closes the book's file. */
    @Override
    public void close() throws IOException {
        stop();
        book.close();
    }

    private static void sleepMillis(long millis) throws InterruptedIOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting for the load");
    }
}
