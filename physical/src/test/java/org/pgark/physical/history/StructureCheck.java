package org.pgark.physical.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.pgark.testkit.TestCluster;

/** Has a running server check its own indexes, tables and visibility maps, in all databases. */
final class StructureCheck {
    private static final String CHECKS = """
            do $$
            declare
                what record;
                bad text;
            begin
                for what in select c.oid, c.oid::regclass::text as name, c.relkind, m.amname
                        from pg_class c left join pg_am m on m.oid = c.relam
                        where c.relpersistence = 'p' and c.relkind in ('r', 't', 'm', 'i')
                loop
                    begin
                        if what.amname = 'btree' and what.relkind = 'i' then
                            perform bt_index_parent_check(what.oid, true, true)
                                from pg_index where indexrelid = what.oid and indisvalid and indisready;
                        elsif what.relkind <> 'i' then
                            select string_agg(t_ctid::text, ' ') into bad from pg_check_visible(what.oid);
                            if bad is not null then
                                raise exception 'not visible: %', bad;
                            end if;
                            select string_agg(t_ctid::text, ' ') into bad from pg_check_frozen(what.oid);
                            if bad is not null then
                                raise exception 'not frozen: %', bad;
                            end if;
                            -- heap
                        end if;
                    exception when others then
                        raise exception '%: %', what.name, sqlerrm;
                    end;
                end loop;
            end $$
            """;

    private static final String HEAP = """
            select string_agg(blkno || ',' || offnum || ': ' || msg, '; ') into bad from verify_heapam(what.oid);
                            if bad is not null then
                                raise exception 'damaged: %', bad;
                            end if;
            """;

    private StructureCheck() {}

    /** What is wrong, one line for each database. */
    static List<String> problems(TestCluster cluster, int major) throws SQLException {
        List<String> problems = new ArrayList<>();
        for (String database : cluster.queryAll("select datname from pg_database where datallowconn order by 1")) {
            try (Connection connection = cluster.cluster().connect(database);
                    Statement statement = connection.createStatement()) {
                statement.execute(
                        "create extension if not exists amcheck; create extension if not exists pg_visibility");
                for (String gid :
                        cluster.queryAll("select gid from pg_prepared_xacts where database = '" + database + "'")) {
                    statement.execute("rollback prepared '" + gid + "'");
                }
                statement.execute(major >= 14 ? CHECKS.replace("-- heap", HEAP) : CHECKS);
            } catch (SQLException e) {
                problems.add(database + ": " + e.getMessage());
            }
        }
        return problems;
    }
}
