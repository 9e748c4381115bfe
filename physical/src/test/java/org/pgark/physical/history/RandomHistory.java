package org.pgark.physical.history;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.pgark.embedded.StopMode;
import org.pgark.testkit.TestCluster;

/**
 * A seeded sequence of what can happen to a cluster: every statement that makes, changes or removes files of relations,
 * and crashes. Several may act on one cluster at the same time.
 */
final class RandomHistory implements AutoCloseable {
    /** Locked by another transaction, in use by another session, gone meanwhile, or changed by another session. */
    private static final Set<String> IN_THE_WAY = Set.of(
            "55P03", "55006", "55000", "40P01", "42P01", "42P07", "42704", "42710", "3D000", "23505", "XX000", "0A000");

    private static final List<String> INDEXES = List.of(
            "btree (id)",
            "btree (left(t, 100), n)",
            "hash (n)",
            "gin (a)",
            "gin (a) with (fastupdate = off)",
            "gist (p)",
            "gist (r)",
            "spgist (p)",
            "spgist (left(t, 60))",
            "brin (id) with (pages_per_range = 2)");

    private final TestCluster cluster;
    private final int major;
    private final String prefix;
    private final Random random;
    private final List<String> told = new ArrayList<>();
    private Optional<Connection> session = Optional.empty();
    private int names;

    /**
     * @param prefix of the names of everything that this one makes
     */
    RandomHistory(TestCluster cluster, int major, String prefix, long seed) {
        this.cluster = cluster;
        this.major = major;
        this.prefix = prefix;
        this.random = new Random(seed);
    }

    /** What was done so far, for whoever has to find out why it went wrong. */
    synchronized String told() {
        return String.join("\n", told);
    }

    private synchronized void tell(String what) {
        told.add(what.length() > 300 ? what.substring(0, 300) : what);
    }

    /** Does this many things to the cluster, restarts and crashes among them. */
    void act(int count) throws IOException, SQLException {
        for (int number = 0; number < count; number++) {
            if (random.nextInt(14) == 0) {
                restart();
            }
            if (random.nextInt(12) == 0) {
                databases();
            } else {
                step("postgres");
            }
        }
        for (String gid :
                cluster.queryAll("select gid from pg_prepared_xacts where database = 'postgres' order by gid")) {
            if (random.nextInt(3) > 0) {
                run("postgres", (random.nextBoolean() ? "commit" : "rollback") + " prepared '" + gid + "'");
            }
        }
    }

    /**
     * Does one thing while a backup may be running. No copy of files survives that a database moves meanwhile: recovery
     * copies it from where the files are no longer.
     */
    void stepBesideBackup() throws SQLException {
        if (random.nextInt(40) > 0) {
            step("postgres");
            return;
        }
        List<String> made = named("select datname from pg_database where datname like '" + prefix + "db%' order by 1");
        if (made.isEmpty()) {
            create("template0", random.nextBoolean() ? " tablespace space" : "");
        } else {
            run("postgres", "drop database " + made.getFirst() + " with (force)");
        }
    }

    private void create(String template, String options) throws SQLException {
        String strategy = major >= 15 ? " strategy " + (random.nextBoolean() ? "file_copy" : "wal_log") : "";
        run("postgres", "create database " + newName("db") + " template " + template + strategy + options);
    }

    private void restart() throws IOException, SQLException {
        forget();
        if (random.nextInt(3) == 0) {
            tell("restart");
            cluster.restart();
        } else {
            tell("crash");
            cluster.stop(StopMode.IMMEDIATE);
            cluster.start();
        }
    }

    private void databases() throws SQLException {
        List<String> made = named("select datname from pg_database where datname like '" + prefix + "db%' order by 1");
        int choice = random.nextInt(6);
        if (made.isEmpty() || (choice == 0 && made.size() < 2)) {
            create(
                    made.isEmpty() || random.nextBoolean() ? "template0" : pick(made),
                    random.nextBoolean() ? " tablespace space" : "");
            return;
        }
        String database = pick(made);
        switch (choice) {
            case 1 -> run("postgres", "drop database " + database + " with (force)");
            case 2 -> {
                // There and back: new files under old names.
                run("postgres", "alter database " + database + " set tablespace space");
                run("postgres", "alter database " + database + " set tablespace pg_default");
            }
            case 3 -> run("postgres", "alter database " + database + " set tablespace space");
            case 4 -> remake(database);
            default -> {
                for (int number = 0; number < 3; number++) {
                    step(database);
                }
            }
        }
    }

    /** Drops a database and makes another with its number, where the server lets one choose it. */
    private void remake(String database) throws SQLException {
        if (major < 15) {
            return;
        }
        String which = "select oid from pg_database where datname = '" + database + "'";
        List<String> oid = named(which);
        run("postgres", "drop database " + database + " with (force)");
        // A prepared transaction may have kept it.
        if (named(which).isEmpty()) {
            create("template0", " oid " + oid.getFirst());
        }
    }

    private void step(String database) throws SQLException {
        List<String> tables = namedIn(
                database,
                "select relname from pg_class where relkind = 'r' and relname like '" + prefix + "t%' order by 1");
        if (tables.isEmpty() || (tables.size() < 6 && random.nextInt(5) == 0)) {
            create(database);
            return;
        }
        String table = pick(tables);
        switch (random.nextInt(29)) {
            case 0, 1, 2 -> insert(database, table);
            case 3, 4, 5 ->
                run(
                        database,
                        "update " + table + " set n = n + 1, t = md5(t || " + random.nextInt() + ") where id % "
                                + (2 + random.nextInt(40)) + " = 1");
            case 6 -> run(database, "delete from " + table + " where id % " + (2 + random.nextInt(5)) + " = 0");
            case 7 -> shrinkAndGrow(database, table);
            case 8 -> run(database, "truncate " + table);
            case 9 -> run(database, "drop table " + table);
            case 10 -> run(database, "vacuum " + table);
            case 11 -> run(database, "vacuum freeze " + table);
            case 12 -> run(database, "vacuum full " + table);
            case 13 -> cluster(database, table);
            case 14 -> run(database, "reindex table " + table);
            case 15 -> run(database, "alter table " + table + " set " + (random.nextBoolean() ? "unlogged" : "logged"));
            case 16 ->
                run(
                        database,
                        "alter table " + table + " set tablespace " + (random.nextBoolean() ? "space" : "pg_default"));
            case 17 -> {
                run(database, "select count(*) from " + table);
                run(database, "checkpoint");
            }
            case 18 -> run(database, "checkpoint");
            case 19 -> sequences(database);
            case 20 -> prepare(database, table);
            case 21 -> subtransactions(database, table);
            case 22 -> largeObjects(database);
            case 23 -> {
                run(database, "begin; create table gone as select * from " + table + "; rollback");
                run(database, "begin; update " + table + " set n = 0; rollback");
            }
            case 24 ->
                run(database, "alter table " + table + " add column " + newName("c") + " int default random() * 9");
            case 25 ->
                run(database, "vacuum full " + pick(List.of("pg_class", "pg_attribute", "pg_type", "pg_largeobject")));
            case 26 -> run(database, "select 1 from " + table + " where id % 5 = 0 for share");
            case 27 -> run(database, "create index on " + table + " using " + pick(INDEXES));
            default -> run(database, "select pg_switch_wal()");
        }
    }

    private void create(String database) throws SQLException {
        String table = newName("t");
        run(
                database,
                "create " + (random.nextInt(6) == 0 ? "unlogged " : "") + "table " + table
                        + " (id int, n int, t text, a int[], p point, r int4range) with (fillfactor = "
                        + (50 + random.nextInt(51)) + ")" + (random.nextInt(4) == 0 ? " tablespace space" : ""));
        for (int number = random.nextInt(4); number >= 0; number--) {
            run(database, "create index on " + table + " using " + pick(INDEXES));
        }
        insert(database, table);
    }

    private void insert(String database, String table) throws SQLException {
        int rows = random.nextInt(8) == 0 ? 3000 : 50 + random.nextInt(500);
        run(
                database,
                "insert into " + table + " (id, n, t, a, p, r) select g, g % 97, case when g % 61 = 0 then"
                        + " (select string_agg(md5(g::text || i), '') from generate_series(1, 200) i)"
                        + " else md5(g::text) end, array[g % 13, g % 29, g], point(g % 101, g * 7 % 103),"
                        + " int4range(g % 50, g % 50 + g % 9 + 1) from generate_series(1, " + rows + ") g");
    }

    /** So that the vacuum cuts pages off, and others of the same number come. */
    private void shrinkAndGrow(String database, String table) throws SQLException {
        run(
                database,
                "delete from " + table + " where ctid >= ('(' || pg_relation_size('" + table
                        + "') / 8192 / 2 || ',0)')::tid");
        run(database, "vacuum " + table);
        if (random.nextBoolean()) {
            insert(database, table);
        }
    }

    private void cluster(String database, String table) throws SQLException {
        List<String> indexes = namedIn(
                database,
                "select i.relname from pg_index x join pg_class i on i.oid = indexrelid join pg_am m on m.oid = i.relam"
                        + " where indrelid = '" + table + "'::regclass and amname in ('btree', 'gist')"
                        + " and indexprs is null order by 1");
        if (!indexes.isEmpty()) {
            run(database, "cluster " + table + " using " + pick(indexes));
        }
    }

    private void sequences(String database) throws SQLException {
        run(database, "create sequence if not exists " + prefix + "s");
        run(database, "select nextval('" + prefix + "s') from generate_series(1, " + (1 + random.nextInt(50)) + ")");
        if (random.nextInt(4) == 0) {
            run(database, "select setval('" + prefix + "s', " + (1 + random.nextInt(1000)) + ")");
        }
    }

    private void prepare(String database, String table) throws SQLException {
        run(
                database,
                "begin; update " + table + " set n = -n where id % 9 = 0; create table " + newName("t")
                        + " (like " + table + " including all); "
                        + (random.nextInt(4) == 0 ? "drop table " + table + "; " : "") + "prepare transaction '"
                        + newName("x") + "'");
    }

    private void subtransactions(String database, String table) throws SQLException {
        run(
                database,
                "do $$ begin for i in 1..20 loop begin insert into " + table + " (id, n, t) select i, g, md5(g::text)"
                        + " from generate_series(1, 30) g; update " + table + " set n = i where id = i;"
                        + " if i % 3 = 0 then raise exception 'undone'; end if;"
                        + " exception when raise_exception then null; end; end loop; end $$");
    }

    private void largeObjects(String database) throws SQLException {
        run(
                database,
                "select lo_from_bytea(0, decode(repeat(md5('" + random.nextInt() + "'), " + (10 + random.nextInt(800))
                        + "), 'hex'))");
        if (random.nextBoolean()) {
            run(database, "select lo_unlink(oid) from pg_largeobject_metadata where oid::int8 % 3 = 0");
        }
    }

    private String newName(String kind) {
        names++;
        return prefix + kind + names;
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private List<String> named(String sql) throws SQLException {
        return namedIn("postgres", sql);
    }

    private List<String> namedIn(String database, String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = cluster.cluster().connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throwIfUnexpected(e);
        }
        return found;
    }

    private void run(String database, String sql) throws SQLException {
        tell(database + ": " + sql);
        try {
            execute(database, sql);
        } catch (SQLException e) {
            forget();
            tell("  " + e.getMessage());
            throwIfUnexpected(e);
        }
    }

    private void execute(String database, String sql) throws SQLException {
        if (!database.equals("postgres")) {
            // A session would keep the database from being dropped or moved.
            try (Connection connection = cluster.cluster().connect(database);
                    Statement statement = connection.createStatement()) {
                statement.execute("set lock_timeout = '150ms'");
                statement.execute(sql);
            }
            return;
        }
        if (session.isEmpty()) {
            session = Optional.of(cluster.cluster().connect(database));
        }
        try (Statement statement = session.get().createStatement()) {
            statement.execute("set lock_timeout = '150ms'; set synchronous_commit = " + random.nextBoolean());
            statement.execute(sql);
        }
    }

    /** Ends the session that is kept; after an error it may be in a transaction that failed. */
    private void forget() throws SQLException {
        if (session.isPresent()) {
            session.get().close();
            session = Optional.empty();
        }
    }

    @Override
    public void close() throws SQLException {
        forget();
    }

    private static void throwIfUnexpected(SQLException e) throws SQLException {
        if (!IN_THE_WAY.contains(e.getSQLState())) {
            throw e;
        }
    }
}
