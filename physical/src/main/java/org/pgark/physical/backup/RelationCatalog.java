package org.pgark.physical.backup;

import java.io.IOException;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.pgark.physical.ProgressListener;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.repository.manifest.RelationName;
import org.pgark.repository.manifest.RelationNamesWriter;

/**
 * Reads the names of all relations that have files, database by database, while the files are copied. A database that
 * cannot be entered is missing in the names, not in the backup.
 */
final class RelationCatalog {
    private static final String DATABASES = """
            SELECT datname FROM pg_catalog.pg_database WHERE datallowconn
            ORDER BY pg_catalog.convert_to(datname, 'UTF8')""";

    /** The relation's own file, those of its indexes, and those of its TOAST table and that one's index. */
    private static final String RELATIONS = """
            SELECT n.nspname, c.relname, c.relkind::text,
                   ARRAY(SELECT pg_catalog.pg_relation_filepath(c.oid)
                         UNION ALL SELECT pg_catalog.pg_relation_filepath(c.reltoastrelid) WHERE c.reltoastrelid <> 0
                         UNION ALL SELECT pg_catalog.pg_relation_filepath(i.indexrelid)
                                   FROM pg_catalog.pg_index i WHERE i.indrelid IN (c.oid, c.reltoastrelid))
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'i', 'S', 't', 'm') AND c.relpersistence <> 't'
            ORDER BY pg_catalog.convert_to(n.nspname, 'UTF8'), pg_catalog.convert_to(c.relname, 'UTF8')""";

    private static final int ROWS_AT_ONCE = 1000;
    private static final Optional<String> NO_SUCH_DATABASE = Optional.of("3D000");
    private static final Optional<String> ENDED_BY_ADMINISTRATOR = Optional.of("57P01");

    private final ConnectionSettings settings;
    private final RelationFiles files;
    private final RelationNamesWriter names;
    private final ProgressListener progress;
    private final AtomicBoolean cancelled;
    private Optional<RelationName> previous = Optional.empty();

    RelationCatalog(
            ConnectionSettings settings,
            RelationFiles files,
            RelationNamesWriter names,
            ProgressListener progress,
            AtomicBoolean cancelled) {
        this.settings = settings;
        this.files = files;
        this.names = names;
        this.progress = progress;
        this.cancelled = cancelled;
    }

    /** Writes the names of all databases; the caller finishes the stream. */
    void write() throws IOException, InterruptedException {
        for (String database : databases()) {
            if (cancelled.get()) {
                throw new InterruptedException();
            }
            try {
                enter(database);
            } catch (ConnectionException e) {
                if (!e.sqlState().equals(NO_SUCH_DATABASE)) {
                    progress.warning(
                            "relations of database \"" + database + "\" cannot be restored by name: " + e.getMessage());
                }
            }
        }
    }

    /** Whoever drops a database by force ends the sessions in it first; the next one waits until it is gone. */
    private void enter(String database) throws IOException {
        try {
            write(database);
        } catch (ConnectionException e) {
            if (!e.sqlState().equals(ENDED_BY_ADMINISTRATOR)) {
                throw e;
            }
            write(database);
        }
    }

    private void write(String database) throws IOException {
        try (ServerSession session = ServerSession.open(settings.withDatabase(database))) {
            write(session, database);
        }
    }

    private List<String> databases() {
        try (ServerSession session = ServerSession.open(settings)) {
            return session.queryList(DATABASES, row -> row.getString(1));
        } catch (ConnectionException e) {
            progress.warning("relations of this backup cannot be restored by name: " + e.getMessage());
            return List.of();
        }
    }

    private void write(ServerSession session, String database) throws IOException {
        try (Statement statement = session.jdbc().createStatement()) {
            // Without a transaction the driver would fetch all rows at once.
            session.jdbc().setAutoCommit(false);
            statement.setFetchSize(ROWS_AT_ONCE);
            try (ResultSet rows = statement.executeQuery(RELATIONS)) {
                while (rows.next() && !cancelled.get()) {
                    add(new RelationName(
                            database,
                            rows.getString(1),
                            rows.getString(2),
                            rows.getString(3).charAt(0),
                            paths(rows.getArray(4))));
                }
            }
        } catch (SQLException e) {
            throw session.failure(e);
        }
    }

    private List<String> paths(Array mains) throws SQLException {
        List<String> paths = new ArrayList<>();
        for (String main : (String[]) mains.getArray()) {
            // A relation that was dropped meanwhile has none.
            if (main != null) {
                files.collect(main, paths);
            }
        }
        paths.sort(PathOrder.BYTEWISE);
        return paths;
    }

    private void add(RelationName relation) throws IOException {
        Comparator<RelationName> order = RelationNamesWriter.ORDER;
        boolean follows = previous.isEmpty() || order.compare(previous.get(), relation) < 0;
        // Names of a database without an encoding may be no text at all, and then have no order either.
        if (follows && !relation.paths().isEmpty()) {
            names.add(relation);
            previous = Optional.of(relation);
        }
    }
}
