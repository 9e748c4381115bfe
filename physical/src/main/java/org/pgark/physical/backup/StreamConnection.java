package org.pgark.physical.backup;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.BusyException;
import org.pgark.physical.receive.ReplicationException;
import org.pgark.physical.receive.ReplicationSession;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ServerAddress;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.postgres.wire.NoticeListener;
import org.pgark.postgres.wire.SessionKind;
import org.pgark.postgres.wire.WireConnection;

/**
 * The connection over which a server streams a backup, a second one to ask it meanwhile, and, if it is let in, an ordinary
 * session for what only SQL tells. Safe for several threads, but for the stream itself.
 */
final class StreamConnection implements AutoCloseable, WalPosition {
    private final ConnectionSettings settings;
    private final ProgressListener progress;
    private final StreamSource source;
    private volatile WireConnection stream;
    private volatile boolean aborted;
    private Optional<WireConnection> second = Optional.empty();
    private Optional<ServerSession> sql = Optional.empty();
    private Optional<BackupMode> lock = Optional.empty();
    private Lsn flushed;

    private StreamConnection(
            ConnectionSettings settings, ProgressListener progress, WireConnection stream, StreamSource source) {
        this.settings = settings;
        this.progress = progress;
        this.stream = stream;
        this.source = source;
        this.flushed = source.position();
    }

    static StreamConnection open(ConnectionSettings settings, ProgressListener progress) throws IOException {
        WireConnection stream = replication(settings, progress);
        boolean kept = false;
        try {
            StreamConnection opened =
                    new StreamConnection(settings, progress, stream, StreamSource.ask(new ReplicationSession(stream)));
            kept = true;
            return opened;
        } finally {
            if (!kept) {
                stream.close();
            }
        }
    }

    private static WireConnection replication(ConnectionSettings settings, ProgressListener progress)
            throws IOException {
        NoticeListener warnings = notice -> {
            if (notice.plainSeverity().equals("WARNING")) {
                progress.warning("server: " + notice.message());
            }
        };
        return WireConnection.open(settings, SessionKind.PHYSICAL_REPLICATION, warnings);
    }

    /**
     * Takes the lock that keeps other backups of the cluster out, if an ordinary session is to be had.
     *
     * @throws BusyException if another backup has it
     */
    void enter() throws BusyException {
        try {
            ServerSession session = ServerSession.open(settings);
            if (!session.server().equals(stream.server())) {
                session.close();
                throw new ConnectionMismatch();
            }
            lock = Optional.of(BackupMode.enter(session));
            sql = Optional.of(session);
        } catch (ConnectionException | ConnectionMismatch e) {
            progress.notice("without an ordinary session with the server, names of tablespaces are not recorded, times"
                    + " are by this host's clock, and no lock keeps a second backup out: " + e.getMessage());
        }
    }

    /** An ordinary session leads to another server than the stream. */
    private static final class ConnectionMismatch extends Exception {
        private static final long serialVersionUID = 1L;

        ConnectionMismatch() {
            super("it leads to another of the connection's servers");
        }
    }

    /** How an ordinary session is opened. */
    ConnectionSettings settings() {
        return settings;
    }

    /** What the server says of itself. */
    StreamSource source() {
        return source;
    }

    /** The connection over which it streams. */
    WireConnection stream() {
        return stream;
    }

    /** Gives up what it streams, on a new connection for the stream. */
    void restart() throws IOException {
        endStream();
        WireConnection opened = replication(settings, progress);
        WireConnection before = stream;
        stream = opened;
        if (aborted) {
            opened.close();
            throw new InterruptedIOException("backup was given up");
        }
        if (!opened.server().equals(before.server())) {
            throw new IOException("connections lead to different servers");
        }
        keepStandbysWal();
    }

    /** An ordinary session, as long as there is one. */
    Optional<ServerSession> session() {
        return sql;
    }

    ServerAddress address() {
        return stream.server();
    }

    /** The server's clock, else this host's. */
    Instant now() {
        if (sql.isPresent()) {
            try {
                return sql.get()
                        .queryList("SELECT pg_catalog.clock_timestamp()", row -> row.getObject(1, OffsetDateTime.class))
                        .getFirst()
                        .toInstant();
            } catch (ConnectionException e) {
                giveUpSql(e);
            }
        }
        return Instant.now();
    }

    /** Names of tablespaces by object id, as far as the server tells them. */
    Map<Long, String> tablespaceNames() throws IOException {
        return sql.isPresent() ? SourceTablespaces.names(sql.get()) : Map.of();
    }

    /** When the last transaction ended that a standby has replayed; empty if that is not known. */
    Optional<Instant> lastReplayed() {
        try {
            return lock.isPresent() ? lock.get().lastReplayed() : Optional.empty();
        } catch (ConnectionException e) {
            giveUpSql(e);
            return Optional.empty();
        }
    }

    private void giveUpSql(ConnectionException reason) {
        progress.notice("the ordinary session with the server has ended: " + reason.getMessage());
        sql = Optional.empty();
        lock = Optional.empty();
    }

    /** What the server's archiver last failed at, in words; empty if nothing is known of that. */
    Optional<String> archiverFailure() {
        return lock.flatMap(BackupMode::archiverFailure);
    }

    /** Makes a standby keep the WAL that it will be asked for, until the stream's connection ends; says so if it cannot. */
    void keepStandbysWal() throws IOException {
        if (source.readOnly()) {
            keepWal()
                    .ifPresent(words -> progress.notice("the standby cannot be asked to keep its WAL during the"
                            + " backup, so that the backup fails if it removes some: " + words));
        }
    }

    private Optional<String> keepWal() throws IOException {
        try {
            new ReplicationSession(stream).createSlot("pgark_backup_" + stream.backendProcess(), true, true, false);
            return Optional.empty();
        } catch (ReplicationException e) {
            if (stream.isClosed()) {
                throw e;
            }
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The server's history of a timeline. */
    byte[] history(Timeline timeline) throws IOException {
        synchronized (this) {
            return new ReplicationSession(second()).timelineHistoryText(timeline.id());
        }
    }

    @Override
    public synchronized Lsn reached(Lsn wanted) throws IOException {
        if (flushed.isBefore(wanted)) {
            flushed = new ReplicationSession(second()).identifySystem().position();
        }
        return flushed;
    }

    private WireConnection second() throws IOException {
        if (second.isEmpty() || second.get().isClosed()) {
            WireConnection opened = replication(settings, progress);
            if (!opened.server().equals(stream.server())) {
                opened.close();
                throw new IOException("connections lead to different servers");
            }
            second = Optional.of(opened);
        }
        return second.get();
    }

    /** Ends the stream from another thread, whatever the server is doing for it. */
    void abort() {
        aborted = true;
        endStream();
    }

    private void endStream() {
        try {
            stream.cancel();
        } catch (IOException e) {
            progress.notice("the server could not be asked to stop: " + e.getMessage());
        }
        stream.close();
    }

    @Override
    public void close() {
        stream.close();
        second.ifPresent(WireConnection::close);
        lock.ifPresent(BackupMode::close);
    }
}
