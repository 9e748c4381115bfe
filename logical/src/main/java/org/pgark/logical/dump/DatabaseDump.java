package org.pgark.logical.dump;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.CatalogSession;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.DumpListener;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.DumpOptions;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.Selection;
import org.pgark.logical.catalog.SqlWords;
import org.pgark.logical.order.DumpOrder;
import org.pgark.logical.sql.PrivilegeCommands;
import org.pgark.postgres.wire.WireConnection;

/** Reads one database and makes the list of what its dump holds. */
public final class DatabaseDump {
    private static final int OLDEST_SERVER = 100000;

    private final DumpOptions options;
    private final DumpListener listener;

    public DatabaseDump(DumpOptions options, DumpListener listener) {
        this.options = options;
        this.listener = listener;
    }

    /** Prepares the connection and reads; the connection stays in the dump's snapshot. */
    public DumpContents read(WireConnection connection) throws IOException {
        checkVersion(connection);
        SessionSetup setup = new SessionSetup(options);
        setup.prepare(connection, options.snapshot());
        Optional<String> snapshot = options.snapshot();
        if (snapshot.isEmpty() && options.jobs() > 1) {
            snapshot = connection
                    .queryRows("SELECT pg_catalog.pg_export_snapshot()")
                    .getFirst()
                    .text(0);
        }
        CatalogSession session = new CatalogSession(connection);
        DumpOptions effective = isStandby(connection) ? options.with(DumpSwitch.NO_UNLOGGED_TABLE_DATA) : options;
        Catalog catalog = new Catalog();
        SqlWords words = setup.words(connection);
        listener.progress("last built-in OID is " + Selection.LAST_BUILT_IN_OID);
        Selection selection = new Selection(effective, catalog, new NamedObjects(session, effective, words).find());
        CatalogReading reading = new CatalogReading(session, catalog, selection, effective, words, listener);
        DatabaseReading.read(reading);
        List<DumpObject> objects = new DumpOrder(catalog, listener, options.emulated()).sort();
        EntryWriter writer = new EntryWriter(reading, new PrivilegeCommands(words, options.emulated()));
        SpecialEntries.write(writer, connection);
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
        new SessionSetup(options).prepare(connection, Optional.of(snapshot));
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
