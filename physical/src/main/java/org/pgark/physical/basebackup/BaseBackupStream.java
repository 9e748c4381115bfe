package org.pgark.physical.basebackup;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.physical.receive.ReplicationSession;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wire.CopyOut;
import org.pgark.postgres.wire.Exchange;
import org.pgark.postgres.wire.QueryResult;
import org.pgark.postgres.wire.Row;
import org.pgark.postgres.wire.ServerErrorException;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.postgres.wire.WireException;

/**
 * One base backup as it comes over a connection for replication, for whoever takes the members of its archives as they
 * are. After a failure the connection is of no more use.
 */
public final class BaseBackupStream {
    private static final long KILOBYTE = 1024;

    private final WireConnection connection;
    private final Exchange exchange;
    private final Lsn start;
    private final Timeline timeline;
    private final List<Archive> archives;
    private final long expectedBytes;
    private final boolean manifest;

    private BaseBackupStream(
            WireConnection connection,
            Exchange exchange,
            Row start,
            List<Archive> archives,
            long expectedBytes,
            boolean manifest)
            throws IOException {
        this.connection = connection;
        this.exchange = exchange;
        this.start = ReplicationSession.lsn(start.string(0));
        this.timeline = new Timeline((int) ReplicationSession.number(start, 1));
        this.archives = List.copyOf(archives);
        this.expectedBytes = expectedBytes;
        this.manifest = manifest;
    }

    /**
     * What one archive is of.
     *
     * @param tablespace its OID; empty for the data directory
     * @param location where the tablespace is; empty for the data directory
     */
    public record Archive(Optional<Long> tablespace, Optional<String> location) {
        /** The data directory. */
        static final Archive BASE = new Archive(Optional.empty(), Optional.empty());
    }

    /** Takes what comes. */
    public interface Target {
        /** Opens what takes the members of an archive, which follows; the one before is over. */
        TarSink open(Archive archive) throws IOException;

        /** Where the manifest goes, which follows when all archives are over, if one was asked for; not closed. */
        OutputStream manifest() throws IOException;
    }

    /**
     * How a backup ended.
     *
     * @param position where its WAL ends
     * @param timeline on which that is
     * @param damageFound whether the server found damaged pages
     */
    public record End(Lsn position, Timeline timeline, boolean damageFound) {}

    /**
     * Has the server begin, and waits for its checkpoint.
     *
     * @param request its output does not matter
     * @throws ServerRefusalException if the server does not want to; then the connection can be used again
     */
    public static BaseBackupStream begin(WireConnection connection, BaseBackupRequest request) throws IOException {
        if (request.incrementalFrom().isPresent()) {
            try {
                BaseBackup.upload(connection, request.incrementalFrom().get());
            } catch (BaseBackupException e) {
                throw connection.isClosed() ? e : new ServerRefusalException(String.valueOf(e.getMessage()), e);
            }
        }
        Exchange exchange = connection.send(
                BaseBackupCommand.of(request, connection.serverVersion() >= BaseBackup.TYPED_STREAM, false));
        QueryResult first;
        QueryResult second;
        try {
            first = BaseBackup.result(exchange, "");
            second = BaseBackup.result(exchange, "");
        } catch (BaseBackupException e) {
            if (e.getCause() instanceof ServerErrorException refusal && !connection.isClosed()) {
                exchange.close();
                throw new ServerRefusalException(refusal);
            }
            throw e;
        }
        if (first.rows().size() != 1 || second.rows().isEmpty()) {
            throw new BaseBackupException("server returned unexpected response to BASE_BACKUP command; got "
                    + first.rows().size() + " and " + second.rows().size() + " rows");
        }
        List<Archive> archives = new ArrayList<>();
        long kilobytes = 0;
        for (Row row : second.rows()) {
            kilobytes += row.isNull(2) ? 0 : ReplicationSession.number(row, 2);
            archives.add(
                    row.isNull(0)
                            ? Archive.BASE
                            : new Archive(Optional.of(Long.parseLong(row.string(0))), row.text(1)));
        }
        return new BaseBackupStream(
                connection,
                exchange,
                first.rows().getFirst(),
                archives,
                kilobytes * KILOBYTE,
                request.manifest().isPresent());
    }

    /** From where WAL is needed. */
    public Lsn start() {
        return start;
    }

    /** The timeline of the start. */
    public Timeline timeline() {
        return timeline;
    }

    /** What there is besides the data directory, and that. */
    public List<Archive> archives() {
        return archives;
    }

    /** About how many bytes come; 0 if that was not asked for. */
    public long expectedBytes() {
        return expectedBytes;
    }

    /** Receives all archives, and the manifest if one was asked for. */
    public void receive(Target target) throws IOException {
        if (connection.serverVersion() >= BaseBackup.TYPED_STREAM) {
            Typed typed = new Typed(target);
            CopyOut copy = BaseBackup.copy(exchange);
            while (next(copy)) {
                TypedMessage.take(copy, typed);
            }
            typed.finish();
            return;
        }
        for (Archive archive : archives) {
            CopyOut copy = BaseBackup.copy(exchange);
            TarFeed feed = new TarFeed(target.open(archive));
            while (next(copy)) {
                feed.write(copy.buffer(), copy.offset(), copy.length());
            }
            feed.close();
        }
        if (manifest) {
            CopyOut copy = BaseBackup.copy(exchange);
            OutputStream out = target.manifest();
            while (next(copy)) {
                out.write(copy.buffer(), copy.offset(), copy.length());
            }
        }
    }

    private static boolean next(CopyOut copy) throws IOException {
        try {
            return copy.next();
        } catch (WireException e) {
            throw new BaseBackupException("could not read COPY data: " + e.getMessage(), e);
        }
    }

    /** Hears how the backup ended, all archives being received. */
    public End finish() throws IOException {
        QueryResult end = BaseBackup.result(exchange, "backup failed: ");
        if (end.rows().size() != 1) {
            throw new BaseBackupException("no write-ahead log end position returned from server");
        }
        Lsn position = ReplicationSession.lsn(end.rows().getFirst().string(0));
        Timeline stopped =
                new Timeline((int) ReplicationSession.number(end.rows().getFirst(), 1));
        try {
            exchange.close();
            return new End(position, stopped, false);
        } catch (ServerErrorException e) {
            if (e.sqlState().equals(BaseBackup.DATA_CORRUPTED)) {
                return new End(position, stopped, true);
            }
            throw new BaseBackupException("final receive failed: " + e.getMessage(), e);
        } catch (WireException e) {
            throw new BaseBackupException("final receive failed: " + e.getMessage(), e);
        }
    }

    /** Archives out of the messages of the one COPY. */
    private final class Typed implements TypedMessage.Target {
        private final Target target;
        private Optional<TarFeed> feed = Optional.empty();
        private Optional<OutputStream> rest = Optional.empty();

        Typed(Target target) {
            this.target = target;
        }

        @Override
        public void beginArchive(String name, String location) throws IOException {
            if (rest.isPresent()) {
                throw new BaseBackupException("server sent archive \"" + name + "\" behind the manifest");
            }
            closeArchive();
            feed = Optional.of(new TarFeed(target.open(archive(name, location))));
        }

        private Archive archive(String name, String location) throws BaseBackupException {
            if (name.equals("base.tar")) {
                return Archive.BASE;
            }
            return archives.stream()
                    .filter(archive -> archive.tablespace()
                            .filter(oid -> name.equals(oid + ".tar"))
                            .isPresent())
                    .filter(archive -> archive.location().equals(Optional.of(location)))
                    .findFirst()
                    .orElseThrow(() -> new BaseBackupException("server sent archive \"" + name + "\" of \"" + location
                            + "\", which it had not announced"));
        }

        @Override
        public void data(byte[] buffer, int offset, int length) throws IOException {
            if (rest.isPresent()) {
                rest.get().write(buffer, offset, length);
            } else if (feed.isPresent()) {
                feed.get().write(buffer, offset, length);
            } else {
                throw new BaseBackupException("unexpected payload data");
            }
        }

        @Override
        public void progress(long bytes) {
            // What arrives says as much.
        }

        @Override
        public void beginManifest() throws IOException {
            if (!manifest) {
                throw new BaseBackupException("server sent a manifest that was not asked for");
            }
            closeArchive();
            rest = Optional.of(target.manifest());
        }

        void finish() throws IOException {
            closeArchive();
            if (manifest && rest.isEmpty()) {
                throw new BaseBackupException("server sent no manifest");
            }
        }

        private void closeArchive() throws IOException {
            if (feed.isPresent()) {
                feed.get().close();
                feed = Optional.empty();
            }
        }
    }
}
