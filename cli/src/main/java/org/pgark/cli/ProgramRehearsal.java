package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.pgark.embedded.Cluster;

/** Has a JVM see a small database dumped and restored, and its server backed up, by the programs with PostgreSQL's names. */
final class ProgramRehearsal {
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

    private final Path home;
    private final Path folder;

    /**
     * A rehearsal.
     *
     * @param home the installation
     * @param folder where archives may go
     */
    ProgramRehearsal(Path home, Path folder) {
        this.home = home;
        this.folder = folder;
    }

    void run(Cluster cluster) throws IOException, SQLException {
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(OBJECTS);
            statement.execute("CREATE DATABASE copy TEMPLATE template0");
        }
        runPrograms(cluster);
    }

    /** In a process of its own, since a cache holds all that a process has loaded, and every start pays for that. */
    private void runPrograms(Cluster cluster) throws IOException {
        try (TrainingProcess training = TrainingProcess.start(
                home,
                "programs",
                Map.of(
                        "PGHOST", cluster.socketDirectory().toString(),
                        "PGPORT", String.valueOf(cluster.port()),
                        "PGUSER", "postgres",
                        "HOME", folder.toString()),
                List.of(ProgramTraining.WORD, folder.toString()))) {
            training.await();
        }
    }
}
