package org.pgark.logical.dump;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.CatalogSession;
import org.pgark.logical.catalog.ChangedMeanwhileException;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.DumpListener;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.DumpOptions;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.Selection;
import org.pgark.logical.catalog.SqlWords;
import org.pgark.logical.catalog.TableLocks;
import org.pgark.logical.order.DumpOrder;
import org.pgark.logical.sql.PrivilegeCommands;
import org.pgark.postgres.wire.WireConnection;

/** Reads one database and makes the list of what its dump holds. */
public final class DatabaseDump {
    private static final int OLDEST_SERVER = 100000;

    /** How often it is begun again because of changes in the database; the tables are locked ahead from the second time on. */
    private static final int ATTEMPTS = 10;

    private final DumpOptions options;
    private final DumpListener listener;

    public DatabaseDump(DumpOptions options, DumpListener listener) {
        this.options = options;
        this.listener = listener;
    }

    /**
     * Prepares the connection and reads; the connection stays in the dump's snapshot. The server writes definitions as they are now,
     * and what was emptied, rewritten or replaced before it was locked looks empty in the snapshot: where something changed in between,
     * everything is read again in another snapshot, unless one was given.
     */
    public DumpContents read(WireConnection connection) throws IOException {
        checkVersion(connection);
        SessionSetup setup = prepare(connection);
        TableLocks locks = new TableLocks(options.lockWaitTimeout(), setup.words(connection));
        String failure = "";
        for (int attempt = 1; ; attempt++) {
            try {
                return read(connection, setup, locks);
            } catch (ChangedMeanwhileException e) {
                // twice the same is no coincidence
                if (options.snapshot().isPresent() || attempt == ATTEMPTS || failure.equals(e.getMessage())) {
                    throw e;
                }
                failure = String.valueOf(e.getMessage());
                listener.progress("the database was changed while its definitions were read; reading them again");
                connection.execute("ROLLBACK");
            }
        }
    }

    private DumpContents read(WireConnection connection, SessionSetup setup, TableLocks locks) throws IOException {
        CatalogSession session = new CatalogSession(connection);
        List<String> known = locks.remaining(session);
        Optional<String> snapshot = options.snapshot();
        setup.begin(connection, snapshot);
        locks.lock(session, known);
        if (snapshot.isEmpty() && options.jobs() > 1) {
            snapshot = connection
                    .queryRows("SELECT pg_catalog.pg_export_snapshot()")
                    .getFirst()
                    .text(0);
        }
        DumpOptions effective = isStandby(connection) ? options.with(DumpSwitch.NO_UNLOGGED_TABLE_DATA) : options;
        Catalog catalog = new Catalog();
        SqlWords words = setup.words(connection);
        listener.progress("last built-in OID is " + Selection.LAST_BUILT_IN_OID);
        Selection selection = new Selection(effective, catalog, new NamedObjects(session, effective, words).find());
        CatalogReading reading = new CatalogReading(session, catalog, selection, effective, words, locks, listener);
        DatabaseReading.read(reading);
        List<DumpObject> objects = new DumpOrder(catalog, listener, options.emulated()).sort();
        EntryWriter writer = new EntryWriter(reading, new PrivilegeCommands(words, options.emulated()));
        SpecialEntries.write(writer, connection, listener);
        if (effective.has(DumpSwitch.CREATE_DATABASE)) {
            new DatabaseEntry(reading, writer).write();
        }
        for (DumpObject object : objects) {
            if (!object.wanted().isEmpty() && (effective.schema() || !object.isSchema())) {
                object.write(writer);
            }
        }
        return new DumpContents(writer.items(), catalog, snapshot, session.statements());
    }

    /** Prepares the connection of a worker, which sees what the dump's own connection sees. */
    public void prepareWorker(WireConnection connection, String snapshot) throws IOException {
        prepare(connection).begin(connection, Optional.of(snapshot));
    }

    private SessionSetup prepare(WireConnection connection) throws IOException {
        if (options.emulated() >= 18) {
            listener.progress("executing " + SessionSetup.EMPTY_SEARCH_PATH + ";");
        }
        SessionSetup setup = new SessionSetup(options);
        setup.prepare(connection);
        return setup;
    }

    /** On a standby an unlogged table is empty and cannot even be read. */
    private static boolean isStandby(WireConnection connection) throws IOException {
        return connection
                .queryRows("SELECT pg_catalog.pg_is_in_recovery()")
                .getFirst()
                .isTrue(0);
    }

    private void checkVersion(WireConnection connection) {
        int server = connection.serverVersion();
        String shown = connection.parameter("server_version").orElse(String.valueOf(server));
        if (server < OLDEST_SERVER || server / 10000 > 18) {
            throw DumpException.explained(
                    "aborting because of server version mismatch",
                    "server version: " + shown + "; pg_dump version: " + options.emulated());
        }
        if (server / 10000 > options.emulated()) {
            listener.warning("the server's version " + shown + " is newer than " + options.emulated()
                    + ", whose pg_dump is emulated: what only the newer one has may be missing or written in"
                    + " its syntax");
        }
    }
}
