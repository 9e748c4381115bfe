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
import org.pgark.postgres.DamagedFileException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.label.BackupLabel;
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

    private static final String NOTHING_KEPT = "Nothing was kept of this backup.";

    private static final Optional<String> NOT_IN_PREREQUISITE_STATE = Optional.of("55000");

    private final ServerSession session;

    private BackupMode(ServerSession session) {
        this.session = session;
    }

    /** Whether the server is in recovery, a standby for example. */
    boolean isStandby() {
        return session.wasInRecovery();
    }

    /**
     * Makes a standby keep the WAL from its last restartpoint on until the session ends, since what is not archived yet
     * can only be had from there. Tells why it cannot be asked to, if so.
     */
    synchronized Optional<String> keepWal() {
        try {
            session.queryOptionalText("SELECT slot_name::text FROM pg_catalog.pg_create_physical_replication_slot("
                    + "'pgark_backup_' || pg_catalog.pg_backend_pid(), true, true)");
            return Optional.empty();
        } catch (ConnectionException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
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
            Thread.ofPlatform().daemon().name("backup-start").start(answer);
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

    /**
     * Ends the backup. A primary writes its stop record and switches to a new WAL segment, but this does not wait. A
     * standby writes nothing: its backup is consistent where its pg_control says.
     *
     * @param copied pg_control as the backup has it, read after all other files
     */
    synchronized Stop stop(ControlFile copied) throws ConnectionException, FailedException {
        String call = session.major().number() >= 15
                ? "pg_catalog.pg_backup_stop(false)"
                : "pg_catalog.pg_stop_backup(false, false)";
        try {
            Stop stop = session.queryList(
                            "SELECT lsn::text, labelfile, coalesce(spcmapfile, ''), pg_catalog.clock_timestamp(), "
                                    + (isStandby() ? "NULL" : "pg_catalog.pg_walfile_name(lsn)") + " FROM " + call,
                            row -> new Stop(
                                    Lsn.parse(row.getString(1)),
                                    row.getString(2),
                                    row.getString(3),
                                    isStandby()
                                            ? Timeline.FIRST
                                            : WalSegmentName.parse(row.getString(5))
                                                    .timeline(),
                                    row.getObject(4, OffsetDateTime.class).toInstant()))
                    .getFirst();
            if (!isStandby()) {
                return stop;
            }
            if (!BackupLabel.parse(stop.label).fromStandby()) {
                throw promoted();
            }
            return new Stop(
                    copied.minimumRecoveryPoint(),
                    stop.label,
                    stop.tablespaceMap,
                    new Timeline(copied.minimumRecoveryTimeline()),
                    stop.time);
        } catch (ConnectionException e) {
            if (isStandby() && e.sqlState().equals(NOT_IN_PREREQUISITE_STATE)) {
                throw new FailedException(
                        "backup_unusable",
                        "the standby ended the backup as unusable: " + e.getMessage(),
                        NOTHING_KEPT + " Start it again.",
                        e);
            }
            throw e;
        } catch (DamagedFileException e) {
            throw new IllegalStateException(e);
        }
    }

    private static FailedException promoted() {
        return new FailedException(
                "promoted",
                "the standby was promoted during the backup",
                NOTHING_KEPT + " Start it again; it will be a backup of a primary, which has to archive its WAL.");
    }

    /**
     * When the last transaction ended that a standby has replayed, by the primary's clock; empty if it has replayed none
     * since it started.
     */
    synchronized Optional<Instant> lastReplayed() throws ConnectionException {
        return session.queryList(
                        "SELECT pg_catalog.pg_last_xact_replay_timestamp()",
                        row -> Optional.ofNullable(row.getObject(1, OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant))
                .getFirst();
    }

    /**
     * Asks for a sign of life.
     *
     * @throws ConnectionException if the session has ended
     * @throws FailedException if a standby was promoted, so that its backup cannot become good any more
     */
    synchronized void requireRunning() throws ConnectionException, FailedException {
        if (session.queryBoolean("SELECT pg_catalog.pg_is_in_recovery()") != isStandby()) {
            throw promoted();
        }
    }

    /**
     * How far the server's WAL is on disk: no page can rightly claim a later change.
     *
     * @throws ConnectionException also if the session has ended
     */
    synchronized Lsn flushed() throws ConnectionException {
        return Lsn.parse(session.queryText(
                isStandby()
                        ? "SELECT greatest(pg_catalog.pg_last_wal_receive_lsn(),"
                                + " pg_catalog.pg_last_wal_replay_lsn())::text"
                        : "SELECT pg_catalog.pg_current_wal_flush_lsn()::text"));
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
                NOTHING_KEPT + " Look into the server's log, then start it again.",
                cause);
    }

    /** Gives the lock back and ends the session; a backup that has not been stopped is forgotten by the server. */
    @Override
    public synchronized void close() {
        try {
            // The server ends a session some time after the client does, and the next backup may be near.
            session.execute("SELECT pg_catalog.pg_advisory_unlock(" + LOCK_KEY + ")");
        } catch (ConnectionException e) {
            System.getLogger(BackupMode.class.getName())
                    .log(System.Logger.Level.DEBUG, "the lock goes with the session", e);
        } finally {
            session.close();
        }
    }

    /**
     * What the server hands out at the end.
     *
     * @param lsn the end of the stop record, or where a standby's backup is consistent: WAL is needed up to here
     * @param label the content of backup_label
     * @param tablespaceMap the content of tablespace_map, empty where there is no tablespace
     * @param timeline of that position
     * @param time by the server's clock
     */
    record Stop(Lsn lsn, String label, String tablespaceMap, Timeline timeline, Instant time) {}
}
