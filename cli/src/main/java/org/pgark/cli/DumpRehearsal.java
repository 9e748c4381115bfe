package org.pgark.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.pgark.cli.dump.PgDump;
import org.pgark.cli.dumpall.PgDumpAll;
import org.pgark.cli.restore.PgRestore;
import org.pgark.cli.upstream.ProgramFrame;
import org.pgark.cli.upstream.ProgramStreams;
import org.pgark.cli.upstream.UpstreamProgram;
import org.pgark.embedded.Cluster;
import org.pgark.embedded.ClusterOptions;
import org.pgark.embedded.EmbeddedServers;
import org.pgark.embedded.FileTree;

/** Has the JVM see a small database dumped and restored. Where no server can be run, later dumps start a little slower. */
final class DumpRehearsal {
    private static final int MAJOR = 18;

    private static final String OBJECTS = """
        CREATE SCHEMA s;
        CREATE TYPE s.colour AS ENUM ('red', 'green');
        CREATE DOMAIN s.positive AS int CHECK (VALUE > 0);
        CREATE TYPE s.pair AS (a int, b text);
        CREATE FUNCTION s.one() RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 1; END';
        CREATE FUNCTION s.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TABLE s.t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text DEFAULT 'x' NOT NULL, b s.positive,
          c s.colour, d serial, e int GENERATED ALWAYS AS (1) STORED, CHECK (a <> ''));
        CREATE TABLE s.u (id int REFERENCES s.t, p s.pair);
        CREATE TABLE s.p (k int, v text) PARTITION BY RANGE (k);
        CREATE TABLE s.p1 PARTITION OF s.p FOR VALUES FROM (0) TO (10);
        CREATE INDEX ON s.t (a);
        CREATE VIEW s.v AS SELECT * FROM s.t;
        CREATE MATERIALIZED VIEW s.m AS SELECT count(*) FROM s.t;
        CREATE TRIGGER touch BEFORE INSERT ON s.t FOR EACH ROW EXECUTE FUNCTION s.touch();
        CREATE RULE r AS ON DELETE TO s.u DO INSTEAD NOTHING;
        ALTER TABLE s.t ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON s.t USING (true);
        CREATE PUBLICATION p FOR TABLE s.u;
        CREATE STATISTICS s.st ON a, b FROM s.t;
        COMMENT ON TABLE s.t IS 'table';
        COMMENT ON COLUMN s.t.a IS 'column';
        CREATE ROLE reader;
        GRANT SELECT ON s.t TO reader;
        ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;
        INSERT INTO s.t (b, c) SELECT n, 'red' FROM generate_series(1, 2000) n;
        SELECT lo_from_bytea(0, '\\x00ff');
        """;

    private final Path folder;

    /** @param folder where archives may go */
    DumpRehearsal(Path folder) {
        this.folder = folder;
    }

    void run() throws IOException {
        // Servers are run by another account, which has to come in.
        Path home = Files.createTempDirectory("pgark-rehearsal-server-");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Cluster cluster =
                Cluster.create(EmbeddedServers.ofThisBuild().installation(MAJOR), home, ClusterOptions.DEFAULT)) {
            cluster.start();
            try (Connection connection = cluster.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute(OBJECTS);
                statement.execute("CREATE DATABASE copy TEMPLATE template0");
            }
            dumpAndRestore(cluster);
        } catch (IOException | SQLException e) {
            System.getLogger(DumpRehearsal.class.getName())
                    .log(System.Logger.Level.WARNING, "no dump was rehearsed: " + e.getMessage());
        } finally {
            FileTree.delete(home);
        }
    }

    private void dumpAndRestore(Cluster cluster) {
        Map<String, String> environment = Map.of(
                "PGHOST", cluster.socketDirectory().toString(),
                "PGPORT", String.valueOf(cluster.port()),
                "PGUSER", "postgres",
                "HOME", folder.toString());
        String archive = folder.resolve("archive").toString();
        String directory = folder.resolve("directory").toString();
        run(environment, new PgDump(), "-f", folder.resolve("script").toString(), "postgres");
        run(environment, new PgDump(), "--inserts", "-t", "s.*", "-Zzstd", "postgres");
        run(environment, new PgDump(), "-Fc", "-f", archive, "postgres");
        run(environment, new PgDump(), "-Fd", "-j2", "-Zlz4", "-f", directory, "postgres");
        run(environment, new PgRestore(), "-l", archive);
        run(environment, new PgRestore(), "-d", "copy", archive);
        run(environment, new PgRestore(), "-c", "--if-exists", "-j2", "-d", "copy", directory);
        run(environment, new PgDumpAll(), "-g");
    }

    private static void run(Map<String, String> environment, UpstreamProgram program, String... words) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        new ProgramFrame(program, environment, new ProgramStreams(InputStream.nullInputStream(), nowhere, nowhere))
                .run(List.of(words));
    }
}
