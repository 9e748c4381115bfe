package org.pgark.physical.backup;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.pgark.physical.failure.BusyException;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.postgres.wal.WalSegmentName;

/**
 * The one session that must live from the start to the stop of a backup; the server forgets the backup when it ends.
 * Safe for several threads.
 */
final class BackupMode implements AutoCloseable {
    /** "pgarkbak" in ASCII: the key of the advisory lock that keeps a second backup out. */
    private static final long LOCK_KEY = 0x7067_6172_6b62_616bL;

    private static final String HELD_ELSEWHERE = """
            SELECT EXISTS (SELECT FROM pg_catalog.pg_locks
            WHERE locktype = 'advisory' AND granted AND pid <> pg_catalog.pg_backend_pid()
            AND classid::bigint = ? AND objid::bigint = ? AND objsubid = 1)""";

    private static final System.Logger LOGGER = System.getLogger(BackupMode.class.getName());

    private final ServerSession session;

    private BackupMode(ServerSession session) {
        this.session = session;
    }

    /** Takes the lock that keeps other backups of this cluster out for as long as the session lives. */
    static BackupMode enter(ServerSession session) throws ConnectionException, BusyException {
        if (!session.queryBoolean("SELECT pg_catalog.pg_try_advisory_lock(?)", LOCK_KEY)) {
            throw running();
        }
        BackupMode entered = new BackupMode(session);
        // The server keeps such locks for each database of their own, but shows those of all.
        if (session.queryBoolean(HELD_ELSEWHERE, LOCK_KEY >>> 32, LOCK_KEY & 0xFFFF_FFFFL)) {
            entered.close();
            throw running();
        }
        return entered;
    }

    private static BusyException running() {
        return new BusyException(
                "backup_running",
                "another backup of this cluster is running",
                "Wait until it is done. Its session holds an advisory lock in pg_locks.");
    }

    /** Waits for the server's checkpoint; an interrupt cancels it. */
    Lsn start(String label, CheckpointSpeed speed) throws ConnectionException, InterruptedException {
        String call = session.major().number() >= 15
                ? "SELECT pg_catalog.pg_backup_start(?, ?)::text"
                : "SELECT pg_catalog.pg_start_backup(?, ?, false)::text";
        try (PreparedStatement statement = session.jdbc().prepareStatement(call)) {
            statement.setString(1, label);
            statement.setBoolean(2, speed == CheckpointSpeed.FAST);
            FutureTask<Lsn> answer = new FutureTask<>(() -> {
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return Lsn.parse(row.getString(1));
                }
            });
            Thread.ofVirtual().name("backup-start").start(answer);
            return await(answer, statement);
        } catch (SQLException e) {
            throw session.failure(e);
        }
    }

    private Lsn await(FutureTask<Lsn> answer, Statement statement) throws SQLException, InterruptedException {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            statement.cancel();
            throw e;
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof SQLException refusal)) {
                throw new IllegalStateException(e.getCause());
            }
            throw refusal;
        }
    }

    /** Ends the backup; the server writes its stop record and switches to a new WAL segment, but does not wait. */
    synchronized Stop stop() throws ConnectionException {
        String call = session.major().number() >= 15
                ? "pg_catalog.pg_backup_stop(false)"
                : "pg_catalog.pg_stop_backup(false, false)";
        return session.queryList(
                        "SELECT lsn::text, labelfile, coalesce(spcmapfile, ''), pg_catalog.pg_walfile_name(lsn),"
                                + " pg_catalog.clock_timestamp() FROM " + call,
                        row -> new Stop(
                                Lsn.parse(row.getString(1)),
                                row.getString(2),
                                row.getString(3),
                                WalSegmentName.parse(row.getString(4)).timeline(),
                                row.getObject(5, OffsetDateTime.class).toInstant()))
                .getFirst();
    }

    /**
     * How far the server's WAL is on disk: no page can rightly claim a later change.
     *
     * @throws ConnectionException also if the session has ended
     */
    synchronized Lsn flushed() throws ConnectionException {
        return Lsn.parse(session.queryText("SELECT pg_catalog.pg_current_wal_flush_lsn()::text"));
    }

    /** What the server's archiver last failed at, in words; empty if it did not fail since it last succeeded. */
    synchronized Optional<String> archiverFailure() {
        try {
            return session.queryOptionalText(
                    "SELECT 'the server''s archiver failed ' || failed_count || ' times, last on '"
                            + " || last_failed_wal || ' at ' || last_failed_time FROM pg_catalog.pg_stat_archiver"
                            + " WHERE last_failed_time > coalesce(last_archived_time, '-infinity')");
        } catch (ConnectionException e) {
            // The words are for a hint only, and the files are complete without this session.
            return Optional.empty();
        }
    }

    /** The failure of a backup whose session broke in the middle. */
    static FailedException lost(ConnectionException cause) {
        return new FailedException(
                "connection_lost",
                "server restarted or connection lost during the backup: " + cause.getMessage(),
                "Nothing was kept of this backup. Look into the server's log, then start it again.",
                cause);
    }

    /** Gives the lock back and ends the session; a backup that has not been stopped is forgotten by the server. */
    @Override
    public synchronized void close() {
        try {
            // The server ends a session some time after the client does, and the next backup may be near.
            session.execute("SELECT pg_catalog.pg_advisory_unlock(" + LOCK_KEY + ")");
        } catch (ConnectionException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "the lock goes with the session", e);
        } finally {
            session.close();
        }
    }

    /**
     * What the server hands out at the end.
     *
     * @param lsn the end of the stop record: WAL is needed up to here
     * @param label the content of backup_label
     * @param tablespaceMap the content of tablespace_map, empty where there is no tablespace
     * @param timeline that the server is on
     * @param time by the server's clock
     */
    record Stop(Lsn lsn, String label, String tablespaceMap, Timeline timeline, Instant time) {}
}
