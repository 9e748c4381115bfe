package org.pgark.logical.dump;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.logical.catalog.CatalogSession;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.DumpOptions;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.SqlWords;
import org.pgark.postgres.connection.ConnectionOption;
import org.pgark.postgres.wire.WireConnection;

/** Makes a connection ready to dump: settings that would change texts, no time limits; then one snapshot that only reads. */
public final class SessionSetup {
    static final String EMPTY_SEARCH_PATH = "SELECT pg_catalog.set_config('search_path', '', false)";

    private final DumpOptions options;

    SessionSetup(DumpOptions options) {
        this.options = options;
    }

    /** Makes the connection's settings those of a dump. */
    void prepare(WireConnection connection) throws IOException {
        connection.execute(EMPTY_SEARCH_PATH);
        useServerEncoding(connection);
        if (options.encoding().isPresent()) {
            String encoding = options.encoding().get();
            try {
                connection.execute("SET client_encoding = " + words(connection).literal(encoding));
            } catch (IOException e) {
                throw new DumpException("invalid client encoding \"" + encoding + "\" specified", e);
            }
        }
        CatalogSession session = new CatalogSession(connection);
        settings(connection).forEach(session::execute);
    }

    /**
     * Begins the dump's transaction; its first query will take the snapshot.
     *
     * @param snapshot a snapshot to take over, as pg_export_snapshot() names it
     */
    void begin(WireConnection connection, Optional<String> snapshot) {
        CatalogSession session = new CatalogSession(connection);
        session.execute("BEGIN");
        // a worker takes the snapshot of a serializable transaction over, which is enough
        session.execute("SET TRANSACTION ISOLATION LEVEL "
                + (options.has(DumpSwitch.SERIALIZABLE_DEFERRABLE) && snapshot.isEmpty()
                        ? "SERIALIZABLE, READ ONLY, DEFERRABLE"
                        : "REPEATABLE READ, READ ONLY"));
        if (snapshot.isPresent()) {
            session.execute("SET TRANSACTION SNAPSHOT " + words(connection).literal(snapshot.get()));
        }
    }

    /** Unless another encoding is asked for, a dump is in the database's own: nothing is converted, nothing can be lost. */
    public static void useServerEncoding(WireConnection connection) throws IOException {
        Optional<String> asked = connection.settings().option(ConnectionOption.CLIENT_ENCODING);
        Optional<String> own = connection.parameter("server_encoding");
        if (asked.isEmpty() && own.isPresent() && !own.equals(connection.parameter("client_encoding"))) {
            connection.execute("SET client_encoding = '" + own.get() + "'");
        }
    }

    SqlWords words(WireConnection connection) {
        boolean standard =
                connection.parameter("standard_conforming_strings").orElse("on").equals("on");
        return new SqlWords(options.quoting(), standard);
    }

    private List<String> settings(WireConnection connection) {
        int server = connection.serverVersion();
        SqlWords words = words(connection);
        List<String> statements = new ArrayList<>();
        options.role().ifPresent(role -> statements.add("SET ROLE " + words.quote(role)));
        statements.add("SET DATESTYLE = ISO");
        statements.add("SET INTERVALSTYLE = POSTGRES");
        statements.add("SET extra_float_digits TO " + options.extraFloatDigits().orElse(3));
        statements.add("SET synchronize_seqscans TO off");
        statements.add("SET statement_timeout = 0");
        statements.add("SET lock_timeout = 0");
        statements.add("SET idle_in_transaction_session_timeout = 0");
        if (server >= 170000) {
            statements.add("SET transaction_timeout = 0");
        }
        if (options.has(DumpSwitch.QUOTE_ALL_IDENTIFIERS)) {
            statements.add("SET quote_all_identifiers = true");
        }
        statements.add("SET row_security = " + (options.has(DumpSwitch.ENABLE_ROW_SECURITY) ? "on" : "off"));
        // views and foreign tables of the database could run code as the user who dumps (CVE-2024-7348)
        statements.add("SELECT set_config(name, 'view, foreign-table', false) FROM pg_settings"
                + " WHERE name = 'restrict_nonsystem_relation_kind'");
        return statements;
    }
}
