package org.pgark.logical.dump;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.logical.archive.ArchiveMessages;
import org.pgark.logical.archive.ArchiveOpening;
import org.pgark.logical.archive.ArchiveReader;
import org.pgark.logical.archive.Compression;
import org.pgark.logical.archive.CustomArchiveWriter;
import org.pgark.logical.archive.DirectoryArchiveWriter;
import org.pgark.logical.archive.Dump;
import org.pgark.logical.archive.DumpHead;
import org.pgark.logical.catalog.DumpListener;
import org.pgark.logical.catalog.DumpOptions;
import org.pgark.logical.restore.ArchiveRestore;
import org.pgark.logical.restore.DumpScript;
import org.pgark.logical.restore.Need;
import org.pgark.logical.restore.RestoreOptions;
import org.pgark.logical.script.ScriptRestore;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.testkit.TestCluster;

/** Dumps databases of a test's server and brings them back, as pg_dump and pg_restore do. */
public final class Dumps {
    private final TestCluster cluster;
    private final List<String> lines = new ArrayList<>();

    /** Dumps of this server. */
    public Dumps(TestCluster cluster) {
        this.cluster = cluster;
    }

    /** Warnings, details and hints of all dumps so far. */
    public List<String> lines() {
        return lines;
    }

    /** Enters a database. */
    public WireConnection open(String database) throws IOException {
        return WireConnection.open(ConnectionSettings.resolve(
                        "user=postgres host=" + cluster.socketDirectory() + " port=" + cluster.port(),
                        ConnectionEnvironment.of(Map.of(), cluster.home().resolve("no home"), "postgres"))
                .withDatabase(database));
    }

    /** Runs statements one by one. */
    public void run(String database, String... statements) throws IOException {
        try (WireConnection connection = open(database)) {
            for (String statement : statements) {
                connection.query(statement);
            }
        }
    }

    /** The first value of a query's first row. */
    public String value(String database, String query) throws IOException {
        try (WireConnection connection = open(database)) {
            return connection.queryRows(query).getFirst().text(0).orElse("");
        }
    }

    /** Makes an empty database. */
    public void create(String database) throws IOException {
        run("postgres", "CREATE DATABASE " + database + " TEMPLATE template0");
    }

    private static RestoreOptions restoreOptions(DumpOptions options) {
        return RestoreOptions.builder()
                .restrictKey("key")
                .content(Need.SCHEMA, options.schema())
                .content(Need.DATA, options.data())
                .content(Need.STATISTICS, options.statistics())
                .build();
    }

    private DumpHead head(WireConnection connection) {
        return new DumpHead(
                connection.settings().database(),
                "server",
                "test",
                ZonedDateTime.parse("2026-11-26T11:22:33Z[UTC]"),
                PostgresMajor.V18,
                connection.charset());
    }

    private Dump dump(WireConnection connection, DumpContents contents) {
        return new Dump(head(connection), contents.withDependencies(contents.items()), connection);
    }

    /** The script of a database, in bytes of its encoding. */
    public byte[] bytes(String database, DumpOptions options) throws IOException {
        try (WireConnection connection = open(database)) {
            DumpContents contents = new DatabaseDump(options, listener()).read(connection);
            ByteArrayOutputStream script = new ByteArrayOutputStream();
            new DumpScript(dump(connection, contents), restoreOptions(options), ArchiveMessages.none()).write(script);
            return script.toByteArray();
        }
    }

    /** The same as text of a database in UTF8. */
    public String script(String database, DumpOptions options) throws IOException {
        return new String(bytes(database, options), StandardCharsets.UTF_8);
    }

    /** A whole dump as psql would read it. */
    public String script(String database) throws IOException {
        return script(database, DumpOptions.builder().build());
    }

    /** Writes a custom archive. */
    public void custom(String database, DumpOptions options, Path file) throws IOException {
        try (WireConnection connection = open(database);
                CustomArchiveWriter writer = CustomArchiveWriter.to(file, Compression.DEFAULT, false)) {
            DumpContents contents = new DatabaseDump(options, listener()).read(connection);
            writer.write(dump(connection, contents));
        }
    }

    /** Writes a directory archive over so many connections. */
    public void directory(String database, DumpOptions options, Path folder) throws IOException {
        try (WireConnection connection = open(database)) {
            read(connection, options).writeDirectory(folder);
        }
    }

    /** Reads what a dump will hold, and keeps its snapshot and locks until the connection is closed. */
    Reading read(WireConnection connection, DumpOptions options) throws IOException {
        DatabaseDump reading = new DatabaseDump(options, listener());
        return new Reading(connection, options, reading, reading.read(connection));
    }

    /** What a dump will hold. */
    final class Reading {
        private final WireConnection connection;
        private final DumpOptions options;
        private final DatabaseDump reading;
        private final DumpContents contents;

        private Reading(WireConnection connection, DumpOptions options, DatabaseDump reading, DumpContents contents) {
            this.connection = connection;
            this.options = options;
            this.reading = reading;
            this.contents = contents;
        }

        void writeDirectory(Path folder) throws IOException {
            DirectoryArchiveWriter.to(folder, Compression.DEFAULT, false, ArchiveMessages.none())
                    .write(dump(connection, contents), options.jobs(), () -> {
                        WireConnection worker = open(connection.settings().database());
                        reading.prepareWorker(worker, contents.snapshot().orElseThrow());
                        return worker;
                    });
        }
    }

    /** Brings an archive into a database, and returns the number of errors. */
    public int restore(Path archive, String database, int jobs) throws IOException {
        try (ArchiveReader reader = new ArchiveOpening(ArchiveMessages.none()).open(archive, Optional.empty())) {
            return new ArchiveRestore(reader, RestoreOptions.builder().build(), ArchiveMessages.none())
                    .toServer(name -> open(name.orElse(database)), jobs);
        }
    }

    /** Runs a script in a database; the first error ends it. */
    public void runScript(byte[] script, String database) throws IOException {
        try (ScriptRestore restore =
                new ScriptRestore(name -> open(name.orElse(database)), ArchiveMessages.none(), true)) {
            restore.run(new ByteArrayInputStream(script), false);
        }
    }

    private DumpListener listener() {
        return new DumpListener() {
            @Override
            public void progress(String line) {}

            @Override
            public void warning(String line) {
                lines.add(line);
            }

            @Override
            public void detail(String line) {
                lines.add(line);
            }

            @Override
            public void hint(String line) {
                lines.add(line);
            }
        };
    }
}
