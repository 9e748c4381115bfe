package org.pgark.logical.dump;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.CatalogSession;
import org.pgark.logical.catalog.DumpListener;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.DumpOptions;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.PatternUse;
import org.pgark.logical.catalog.Selection;
import org.pgark.logical.order.DumpOrder;
import org.pgark.logical.sql.PrivilegeCommands;
import org.pgark.postgres.wire.WireConnection;

/** Reads one database and makes the list of what its dump holds. */
public final class DatabaseDump {
    private final DumpOptions options;
    private final DumpListener listener;

    public DatabaseDump(DumpOptions options, DumpListener listener) {
        this.options = options;
        this.listener = listener;
    }

    /** Prepares the connection and reads; the connection stays in the dump's snapshot. */
    public DumpContents read(WireConnection connection) throws IOException {
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
        Catalog catalog = new Catalog();
        Map<PatternUse, Set<Long>> named = Map.of();
        Selection selection = new Selection(options, catalog, named);
        CatalogReading reading =
                new CatalogReading(session, catalog, selection, options, setup.words(connection), listener);
        DatabaseReading.read(reading);
        List<DumpObject> objects = new DumpOrder(catalog, listener).sort();
        EntryWriter writer = new EntryWriter(reading, new PrivilegeCommands(reading.words(), options.emulated()));
        SpecialEntries.write(writer, connection);
        if (options.has(DumpSwitch.CREATE_DATABASE)) {
            new DatabaseEntry(reading, writer).write();
        }
        for (DumpObject object : objects) {
            if (!object.wanted().isEmpty() && (options.schema() || !object.isSchema())) {
                object.write(writer);
            }
        }
        return new DumpContents(writer.items(), snapshot, session.statements());
    }
}
