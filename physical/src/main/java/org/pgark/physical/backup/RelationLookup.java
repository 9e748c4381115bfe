package org.pgark.physical.backup;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.postgres.datadir.RelationPath;

/** Finds the name of a relation by its file, by asking the server. Not for several threads. */
final class RelationLookup implements AutoCloseable {
    private static final String DATABASE = "SELECT datname FROM pg_catalog.pg_database WHERE oid = ?::oid";
    private static final String RELATION = """
            SELECT n.nspname || '.' || c.relname
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid = pg_catalog.pg_filenode_relation(?::oid, ?::oid)""";

    private final ConnectionSettings settings;
    private final Map<Integer, Optional<ServerSession>> sessions = new HashMap<>();

    RelationLookup(ConnectionSettings settings) {
        this.settings = settings;
    }

    /** The relation's name as {@code database.schema.name}, or {@code schema.name} of one that all databases share. */
    Optional<String> name(RelationPath path) {
        Optional<ServerSession> session = sessions.computeIfAbsent(path.database(), this::enter);
        if (session.isEmpty()) {
            return Optional.empty();
        }
        try {
            Optional<String> name = session.get()
                    .queryOptionalText(
                            RELATION,
                            Integer.toUnsignedString(path.tablespace()),
                            Integer.toUnsignedString(path.file().relation()));
            return path.database() == 0
                    ? name
                    : name.map(text -> session.get().settings().database() + "." + text);
        } catch (ConnectionException e) {
            // A name is a courtesy; the file's path is known.
            return Optional.empty();
        }
    }

    private Optional<ServerSession> enter(int database) {
        try {
            ServerSession session = ServerSession.open(settings);
            if (database == 0) {
                return Optional.of(session);
            }
            try (session) {
                Optional<String> name = session.queryOptionalText(DATABASE, Integer.toUnsignedString(database));
                return name.isEmpty()
                        ? Optional.empty()
                        : Optional.of(ServerSession.open(settings.withDatabase(name.get())));
            }
        } catch (ConnectionException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        sessions.values().forEach(session -> session.ifPresent(ServerSession::close));
    }
}
