package org.pgark.postgres.wal;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.pgark.testkit.TestCluster;

/**
 * Lets a server write WAL of as many kinds as a few seconds allow: all kinds of index, DDL, bulk and small changes, page
 * images by every method, prepared and nested transactions, databases by both strategies, truncation, vacuum.
 */
final class WalWorkload {
    private final TestCluster cluster;
    private final int major;

    private WalWorkload(TestCluster cluster, int major) {
        this.cluster = cluster;
        this.major = major;
    }

    /** What the cluster must have been made with. */
    static TestCluster.Builder cluster(int major) {
        return TestCluster.of(major)
                .walSegmentMegabytes(1)
                .tablespace("elsewhere")
                .with("wal_level", "logical")
                .with("wal_keep_size", "2GB")
                .with("max_wal_size", "1GB")
                .with("max_prepared_transactions", "5")
                .with("autovacuum", "off")
                .with("track_commit_timestamp", "on");
    }

    /** Makes what {@link #run} then changes. */
    static void prepare(TestCluster cluster) throws SQLException {
        cluster.execute("create table account (id bigint primary key, branch int, balance bigint, filler text)"
                + " with (fillfactor = 90)");
        cluster.execute("insert into account select n, n % 10, 0, repeat('x', 80) from generate_series(1, 20000) n");
        cluster.execute(
                "create table shrinking as select n, repeat('y', 200) as filler from generate_series(1, 9000) n");
        cluster.execute("create table doomed as select n from generate_series(1, 3000) n");
        cluster.execute("create table moving as select n, md5(n::text) as text from generate_series(1, 3000) n");
        cluster.execute("create database dropped");
        cluster.execute("create database wandering");
        cluster.execute("create sequence counter");
        cluster.execute("vacuum");
    }

    static void run(TestCluster cluster, int major) throws IOException, SQLException {
        WalWorkload workload = new WalWorkload(cluster, major);
        workload.smallTransactions();
        workload.indexes();
        workload.pageImages();
        workload.transactions();
        workload.tables();
        workload.databases();
        workload.messages();
        workload.settings();
        workload.smallTransactions();
    }

    private void execute(String... statements) throws SQLException {
        for (String statement : statements) {
            cluster.execute(statement);
        }
    }

    private void smallTransactions() throws SQLException {
        execute("""
                do $$ begin
                  for turn in 1..600 loop
                    update account set balance = balance + turn where id = (turn * 7919) % 20000 + 1;
                    perform nextval('counter');
                    if turn % 3 = 0 then commit; end if;
                    if turn % 50 = 0 then delete from account where id = turn; end if;
                  end loop;
                end $$""");
    }

    private void indexes() throws SQLException {
        execute("create table shape (id int, name text, tags int[], place point, range int4range)");
        execute("create index shape_btree on shape (id)", "create index shape_hash on shape using hash (name)");
        execute("create index shape_gin on shape using gin (tags)");
        execute("create index shape_gist on shape using gist (place)");
        execute("create index shape_spgist on shape using spgist (place)");
        execute("create index shape_brin on shape using brin (id) with (pages_per_range = 2, autosummarize = off)");
        execute("insert into shape select n, md5(n::text), array[n, n % 7, n % 11],"
                + " point(n % 100, n / 100), int4range(n, n + 5) from generate_series(1, 4000) n");
        execute("delete from shape where id % 3 = 0", "vacuum shape");
        execute("insert into shape select n, md5(n::text), array[n, n % 7],"
                + " point(n % 90, n / 90), int4range(n, n + 5) from generate_series(4001, 6000) n");
        execute("select brin_summarize_new_values('shape_brin')", "select brin_desummarize_range('shape_brin', 0)");
        execute("select gin_clean_pending_list('shape_gin')", "delete from shape where id > 1000", "vacuum shape");
        execute("reindex table shape");
    }

    private void pageImages() throws SQLException {
        List<String> methods = hasLz4() ? List.of("off", "pglz", "lz4", "zstd") : List.of("off", "on");
        for (String method : methods) {
            execute("set wal_compression = '" + method + "'", "checkpoint");
            execute("update account set balance = balance + 1 where id % 40 = 0");
            execute("update shape set name = name || 'x' where id % 10 = 1");
        }
        execute("set wal_consistency_checking = 'all'", "update account set balance = 0 where id % 200 = 0");
        execute("insert into shape values (1, 'one', '{1}', point(1, 1), '[1,2)')", "vacuum shape");
        execute("reset wal_consistency_checking", "reset wal_compression");
    }

    private boolean hasLz4() throws SQLException {
        return cluster.queryAll("select unnest(enumvals) from pg_settings where name = 'wal_compression'")
                .containsAll(List.of("lz4", "zstd"));
    }

    private void transactions() throws SQLException {
        execute("begin", "create table kept (n int)", "insert into kept values (1)", "prepare transaction 'kept'");
        execute("commit prepared 'kept'");
        execute("begin", "create table lost (n int)", "insert into lost values (1)", "drop table doomed");
        execute("prepare transaction 'lost'", "rollback prepared 'lost'");
        Connection session = cluster.jdbc();
        session.setAutoCommit(false);
        try (Statement statement = session.createStatement()) {
            for (int depth = 0; depth < 80; depth++) {
                session.setSavepoint();
                statement.execute("insert into kept values (" + depth + ")");
            }
            Savepoint inner = session.setSavepoint();
            statement.execute("create table never (n int)");
            statement.execute("insert into never select generate_series(1, 500)");
            session.rollback(inner);
            statement.execute("select * from account where id < 50 for update");
            session.commit();
            statement.execute("create table undone as select generate_series(1, 2000) n");
            session.rollback();
        } finally {
            session.setAutoCommit(true);
        }
    }

    private void tables() throws SQLException {
        execute("delete from shrinking where n > 2000", "vacuum shrinking");
        execute("insert into shrinking select n, repeat('z', 200) from generate_series(1, 300) n");
        execute("truncate doomed", "insert into doomed select generate_series(1, 100)", "drop table doomed");
        execute(
                "alter table moving set tablespace elsewhere",
                "insert into moving select n from generate_series(1, 50) n");
        execute("create unlogged table fleeting (n int primary key)", "insert into fleeting values (1)");
        execute("alter table fleeting set logged", "vacuum full moving", "cluster shape using shape_btree");
        execute("create materialized view seen as select * from shape", "refresh materialized view seen");
        execute("create table toasted (text text)", "alter table toasted alter text set storage external");
        execute("insert into toasted select repeat(md5(n::text), 400) from generate_series(1, 30) n");
        execute("select lo_from_bytea(0, decode(repeat('00ff', 9000), 'hex'))");
        execute("create temporary table passing as select generate_series(1, 1000) n");
        execute("begin; insert into kept values (7); truncate kept; insert into kept values (8); rollback");
        execute("vacuum (freeze, index_cleanup on) account", "analyze", "alter table account add extra int default 5");
        execute("insert into kept select generate_series(1, 20)", "alter sequence counter restart with 5000");
    }

    private void databases() throws SQLException {
        execute("drop database dropped");
        if (major >= 15) {
            execute("create database logged strategy wal_log", "create database copied strategy file_copy");
        } else {
            execute("create database copied");
        }
        execute("alter database wandering set tablespace elsewhere");
        execute("create database brief template copied", "drop database brief");
        try (Connection other = cluster.cluster().connect("wandering");
                Statement statement = other.createStatement()) {
            statement.execute("create table there as select generate_series(1, 200) n");
        }
    }

    private void messages() throws SQLException {
        execute("select pg_logical_emit_message(true, 'prefix', repeat('m', 20000))");
        execute("select pg_logical_emit_message(false, 'blkref #0', 'rel 1/2/3 blk 4 FPW')");
        execute("select pg_logical_emit_message(false, 'large', repeat('l', 3000000))");
        execute("select pg_create_restore_point('blkref #0: rel 1/2/3 blk 5')", "select pg_switch_wal()");
        execute(
                "select pg_replication_origin_create('origin')",
                "select pg_replication_origin_session_setup('origin')");
        execute("insert into kept values (99)", "select pg_replication_origin_session_reset()");
        execute("select pg_replication_origin_drop('origin')");
    }

    private void settings() throws IOException, SQLException {
        cluster.reconfigure(Map.of("full_page_writes", "off"));
        execute("checkpoint", "update account set balance = 1 where id % 100 = 0");
        cluster.reconfigure(Map.of("full_page_writes", "on"));
    }
}
