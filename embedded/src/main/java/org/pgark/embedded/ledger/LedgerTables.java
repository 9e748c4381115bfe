package org.pgark.embedded.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The tables of one ledger: accounts with balances, and the entries that explain them. */
final class LedgerTables {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,40}");
    private static final int FETCH_ROWS = 10_000;

    /** What every row must carry for its id, so that a row with the wrong content is found. */
    private static final String PAYLOAD = "repeat(md5(%s::text), 1 + (%s %% 7)::int)";

    private final String schema;

    LedgerTables(String schema) {
        if (!NAME.matcher(schema).matches()) {
            throw new IllegalArgumentException(
                    "invalid ledger name \"" + schema + "\", must be like \"ledger\" or \"ledger_2\"");
        }
        this.schema = schema;
    }

    void create(Connection connection, int accounts) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("create schema " + schema);
            statement.execute("create table " + schema + ".account (id int primary key, balance bigint not null)"
                    + " with (fillfactor = 50)");
            statement.execute(
                    "insert into " + schema + ".account select i, 0 from generate_series(1, " + accounts + ") i");
            statement.execute("create table " + schema + ".entry (id bigint primary key, account int not null,"
                    + " amount bigint not null, payload text not null)");
            statement.execute("create index on " + schema + ".entry (account)");
        }
    }

    /**
     * One statement that books an entry and tells the transaction, position and time: parameters id, account, amount.
     * It runs before the commit, so position and time are lower bounds of the commit's.
     */
    String booking() {
        return ("with entry as (insert into S.entry (id, account, amount, payload)"
                        + " select id, account, amount, " + PAYLOAD.formatted("id", "id")
                        + " from (values (?::bigint, ?::int, ?::bigint)) booked (id, account, amount)"
                        + " returning account, amount),"
                        + " balance as (update S.account set balance = balance + entry.amount from entry"
                        + " where account.id = entry.account returning 1)"
                        + " select pg_current_xact_id()::text, pg_current_wal_insert_lsn()::text, clock_timestamp()"
                        + " from balance")
                .replace("S.", schema + ".");
    }

    Set<Long> ids(Connection connection) throws SQLException {
        Set<Long> ids = new HashSet<>();
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH_ROWS);
            try (ResultSet rows = statement.executeQuery("select id from " + schema + ".entry")) {
                while (rows.next()) {
                    ids.add(rows.getLong(1));
                }
            }
        }
        return ids;
    }

    /** What no moment of the database can have looked like. */
    List<String> contradictions(Connection connection) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            describe(
                    statement,
                    "select format('account %s has balance %s but entries of %s', id, balance, coalesce(booked, 0))"
                            + " from S.account left join (select account, sum(amount) booked from S.entry group by 1) b"
                            + " on b.account = id where balance <> coalesce(booked, 0) order by id",
                    found);
            describe(
                    statement,
                    "select format('entry %s has a wrong payload', id) from S.entry where payload <> "
                            + PAYLOAD.formatted("id", "id") + " order by id",
                    found);
            describe(
                    statement,
                    "select format('entry %s is in the table more than once', id) from S.entry group by id"
                            + " having count(*) > 1 order by id",
                    found);
            statement.execute("set enable_seqscan = off");
            describe(
                    statement,
                    "select format('the index finds %s entries of account %s, the table has %s', i.n, account, t.n)"
                            + " from S.account cross join lateral"
                            + " (select count(*) n from S.entry where account = account.id) i"
                            + " join (select account, count(*) n from S.entry group by 1) t on t.account = account.id"
                            + " where i.n <> t.n",
                    found);
            statement.execute("reset enable_seqscan");
        }
        return found;
    }

    private void describe(Statement statement, String query, List<String> found) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query.replace("S.", schema + "."))) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
    }
}
