package org.pgark.physical.basebackup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.pgark.physical.receive.ReplicationException;
import org.pgark.physical.receive.ReplicationSession;
import org.pgark.physical.receive.SystemMessage;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.wire.Answer;
import org.pgark.postgres.wire.CopyIn;
import org.pgark.postgres.wire.CopyOut;
import org.pgark.postgres.wire.Exchange;
import org.pgark.postgres.wire.QueryResult;
import org.pgark.postgres.wire.Row;
import org.pgark.postgres.wire.ServerErrorException;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.postgres.wire.WireException;

/** Takes one base backup over the replication protocol; does and says what bin/pg_basebackup does. */
public final class BaseBackup {
    static final String DATA_CORRUPTED = "XX001";
    private static final int OLDEST = 130_000;
    private static final int NEWEST = 190_000;
    static final int TYPED_STREAM = 150_000;
    private static final int INCREMENTAL = 170_000;

    private final ReplicationSession session;
    private final WireConnection connection;
    private final SecondConnection second;
    private final BaseBackupRequest request;
    private final BackupFolders folders;
    private final BaseBackupListener listener;

    /** Opens the connection for WAL. */
    @FunctionalInterface
    public interface SecondConnection {
        /** Opens a connection for replication to the same server. */
        WireConnection open() throws Exception;
    }

    /** A backup over a connection for replication, which stays the caller's, as do the folders. */
    public BaseBackup(
            WireConnection connection,
            SecondConnection second,
            BaseBackupRequest request,
            BackupFolders folders,
            BaseBackupListener listener) {
        this.session = new ReplicationSession(connection);
        this.connection = connection;
        this.second = second;
        this.request = request;
        this.folders = folders;
        this.listener = listener;
    }

    /**
     * Takes the backup.
     *
     * @param segmentSize of the server's WAL
     * @param groupReads whether the server's data directory lets its group read
     */
    public void run(int segmentSize, boolean groupReads) throws Exception {
        int version = connection.serverVersion();
        if (version < OLDEST || version >= NEWEST) {
            throw new BaseBackupException("incompatible server version "
                    + connection.parameter("server_version").orElse("'unknown'"));
        }
        ReplicationSession.SystemIdentity system = session.identifySystem();
        if (request.incrementalFrom().isPresent()) {
            upload(connection, request.incrementalFrom().get());
        }
        String command = BaseBackupCommand.of(request, session.usesParentheses());
        listener.verbose("initiating base backup, waiting for checkpoint to complete");
        listener.waitingForCheckpoint();
        // Not closed on failure: closing would read the rest of the backup. The connection is closed by its owner.
        Exchange exchange = connection.send(command);
        QueryResult start = result(exchange, "could not initiate base backup: ");
        if (start.rows().size() != 1) {
            throw new BaseBackupException("server returned unexpected response to BASE_BACKUP command; got "
                    + start.rows().size() + " rows and " + start.columns().size()
                    + " fields, expected 1 rows and 2 fields");
        }
        Lsn startPosition = ReplicationSession.lsn(start.rows().getFirst().string(0));
        int timeline = (int) ReplicationSession.number(start.rows().getFirst(), 1);
        listener.verbose("checkpoint completed");
        if (request.walMethod() != WalMethod.NONE) {
            listener.verbose("write-ahead log start point: " + startPosition + " on timeline "
                    + Integer.toUnsignedString(timeline));
        }
        List<Row> tablespaces =
                result(exchange, "could not get backup header: ").rows();
        prepare(tablespaces);
        try (BackgroundWal background = new BackgroundWal(request, listener)) {
            if (request.walMethod() == WalMethod.STREAM) {
                listener.verbose("starting background WAL receiver");
                background.start(
                        second.open(),
                        new BackgroundWal.Start(startPosition, timeline, system.identifier(), segmentSize, groupReads),
                        folders);
            }
            receive(exchange, tablespaces, groupReads, background);
            listener.received(tablespaces.size());
            finish(exchange, background);
        }
        makeDurable();
        listener.verbose("base backup completed");
    }

    static void upload(WireConnection connection, Path manifest) throws IOException {
        if (connection.serverVersion() < INCREMENTAL) {
            throw new BaseBackupException("server does not support incremental backup");
        }
        try (InputStream content = Files.newInputStream(manifest)) {
            try (CopyIn copy = connection.copyIn("UPLOAD_MANIFEST")) {
                content.transferTo(copy);
                copy.commit();
            }
        } catch (WireException e) {
            throw new BaseBackupException("could not upload manifest: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new BaseBackupException("could not open file \"" + manifest + "\": " + SystemMessage.of(e), e);
        }
    }

    static QueryResult result(Exchange exchange, String failure) throws IOException {
        try {
            Optional<Answer> answer = exchange.next();
            if (answer.isPresent() && answer.get() instanceof QueryResult result) {
                return result;
            }
            throw new BaseBackupException(failure + "no result from server");
        } catch (WireException e) {
            throw new BaseBackupException(failure + e.getMessage(), e);
        }
    }

    private void prepare(List<Row> tablespaces) throws IOException {
        if (tablespaces.isEmpty()) {
            throw new BaseBackupException("no data returned from server");
        }
        long kilobytes = 0;
        for (Row row : tablespaces) {
            kilobytes += row.isNull(2) ? 0 : ReplicationSession.number(row, 2);
            if (request.output() instanceof BaseBackupRequest.Output.Plain plain && !row.isNull(1)) {
                String location = row.string(1);
                folders.takeTablespace(
                        location.startsWith("/")
                                ? Path.of(plain.mappings().apply(location))
                                : plain.directory().resolve(location));
            }
        }
        listener.expected(kilobytes, tablespaces.size());
        if (request.isToStream() && tablespaces.size() > 1) {
            throw new BaseBackupException(
                    "can only write single tablespace to stdout, database has " + tablespaces.size());
        }
    }

    private void receive(Exchange exchange, List<Row> tablespaces, boolean groupReads, BackgroundWal background)
            throws IOException {
        boolean typed = connection.serverVersion() >= TYPED_STREAM;
        ArchiveOutputs outputs = new ArchiveOutputs(request, listener, groupReads, typed);
        try (ArchiveReceiver receiver = new ArchiveReceiver(request, outputs, listener, groupReads, background)) {
            if (typed) {
                receiver.receiveAll(copy(exchange));
                return;
            }
            for (int number = 0; number < tablespaces.size(); number++) {
                Row row = tablespaces.get(number);
                receiver.receiveArchive(
                        copy(exchange), (row.isNull(0) ? "base" : row.string(0)) + ".tar", row.text(1), number);
            }
            if (request.manifest().isPresent()) {
                receiver.receiveManifest(copy(exchange));
            }
        }
    }

    static CopyOut copy(Exchange exchange) throws IOException {
        try {
            Optional<Answer> answer = exchange.next();
            if (answer.isPresent() && answer.get() instanceof CopyOut copy) {
                return copy;
            }
            throw new BaseBackupException("could not get COPY data stream: no COPY from server");
        } catch (WireException e) {
            throw new BaseBackupException("could not get COPY data stream: " + e.getMessage(), e);
        }
    }

    private void finish(Exchange exchange, BackgroundWal background) throws IOException {
        QueryResult end = result(exchange, "backup failed: ");
        if (end.rows().size() != 1) {
            throw new BaseBackupException("no write-ahead log end position returned from server");
        }
        Lsn endPosition = ReplicationSession.lsn(end.rows().getFirst().string(0));
        if (request.walMethod() != WalMethod.NONE) {
            listener.verbose("write-ahead log end point: " + endPosition);
        }
        try {
            exchange.close();
        } catch (ServerErrorException e) {
            throw e.sqlState().equals(DATA_CORRUPTED)
                    ? BaseBackupException.damaged("checksum error occurred")
                    : new BaseBackupException("final receive failed: " + e.getMessage(), e);
        } catch (WireException e) {
            throw new BaseBackupException("final receive failed: " + e.getMessage(), e);
        }
        if (background.isRunning()) {
            listener.verbose("waiting for background process to finish streaming ...");
            background.finishAt(endPosition);
        }
    }

    private void makeDurable() throws IOException {
        Optional<Path> directory = request.directory();
        if (directory.isEmpty()) {
            return;
        }
        if (request.syncs()) {
            listener.verbose("syncing data to disk ...");
            try {
                DurableTree.sync(directory.get(), request.syncMethod());
            } catch (IOException e) {
                listener.error("could not fsync file \"" + directory.get() + "\": " + SystemMessage.of(e));
            }
        }
        if (request.manifest().isPresent()) {
            listener.verbose("renaming backup_manifest.tmp to backup_manifest");
            Path from = ManifestOutput.temporary(directory.get());
            Path to = ManifestOutput.complete(directory.get());
            try {
                Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
                if (request.syncs()) {
                    DurableTree.syncOne(directory.get());
                }
            } catch (IOException e) {
                throw new ReplicationException(
                        "could not rename file \"" + from + "\" to \"" + to + "\": " + SystemMessage.of(e), e);
            }
        }
    }
}
