package org.pgark.embedded;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * An online shop: customers, products, orders and order lines with text, numbers, times and jsonb, and indexes of
 * several kinds, in the schema {@code shop}. The same size gives the same rows at any time.
 */
public final class SampleDatabase {
    /** Measured with all indexes: what one order with its lines, and its share of customers, takes on disk. */
    private static final int BYTES_PER_ORDER = 1_040;

    private static final int LINES_PER_ORDER = 4;
    private static final int ORDERS_PER_CUSTOMER = 8;
    private static final int PRODUCTS = 5_000;

    private SampleDatabase() {}

    /**
     * Makes and fills the schema, with several sessions at once.
     *
     * @param sessions where the database is
     * @param megabytes roughly how much it takes on disk with its indexes, in MiB
     * @param tablespace where the order lines and one index go; {@code pg_default} is fine
     */
    public static void load(Sessions sessions, int megabytes, String tablespace) throws SQLException {
        long orders = Math.max(100, megabytes * 1024L * 1024L / BYTES_PER_ORDER);
        long customers = orders / ORDERS_PER_CUSTOMER + 1;
        try (Connection connection = sessions.open();
                Statement statement = connection.createStatement()) {
            statement.execute(TABLES.replace("TABLESPACE_NAME", quoted(tablespace)));
        }
        int slices = Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));
        List<String> rows = new ArrayList<>();
        for (int slice = 0; slice < slices; slice++) {
            rows.add(slice(ORDERS, orders, slice, slices).replace("CUSTOMERS", Long.toString(customers)));
            rows.add(slice(LINES, orders, slice, slices));
        }
        rows.add(slice(CUSTOMERS, customers, 0, 1));
        rows.add(slice(GOODS, PRODUCTS, 0, 1));
        inParallel(sessions, slices, rows);
        inParallel(
                sessions,
                slices,
                INDEXES.replace("TABLESPACE_NAME", quoted(tablespace)).lines().toList());
    }

    private static String slice(String statement, long rows, int slice, int slices) {
        return statement
                .replace("FIRST", Long.toString(rows * slice / slices + 1))
                .replace("LAST", Long.toString(rows * (slice + 1) / slices));
    }

    private static void inParallel(Sessions sessions, int atOnce, List<String> statements) throws SQLException {
        try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
            List<Future<Boolean>> results = statements.stream()
                    .map(sql -> threads.submit(() -> {
                        try (Connection connection = sessions.open();
                                Statement statement = connection.createStatement()) {
                            return statement.execute(sql);
                        }
                    }))
                    .toList();
            for (Future<Boolean> result : results) {
                result.get();
            }
        } catch (ExecutionException e) {
            throw new SQLException("cannot load the sample database: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while loading the sample database", e);
        }
    }

    private static String quoted(String identifier) {
        return "\"" + identifier.replace("\"", "\"\"") + "\"";
    }

    private static final String TABLES = """
            create schema shop;
            create table shop.customer (
                id bigint not null, name text not null, email text not null, city text not null,
                joined date not null, credit numeric(12,2) not null, note text);
            create table shop.product (
                id int not null, name text not null, price numeric(10,2) not null, properties jsonb not null);
            create table shop.orders (
                id bigint not null, customer bigint not null, placed timestamptz not null, status text not null,
                total numeric(12,2) not null, shipping jsonb not null, note text not null);
            create table shop.order_line (
                order_id bigint not null, line int not null, product int not null, quantity int not null,
                price numeric(10,2) not null, details jsonb not null) tablespace TABLESPACE_NAME;
            """;

    /** A number that looks random but is the same for the same row and purpose: Knuth's multiplicative hashing. */
    private static final String CUSTOMERS = """
            insert into shop.customer
            select i,
                   (array['Ada','Grace','Edgar','Linus','Barbara','Jim','Margaret','Michael'])[1 + h % 8] || ' '
                       || initcap(translate(substr(m, 1, 9), '0123456789', 'aeiounrstl')),
                   translate(substr(m, 3, 10), '0123456789', 'aeiounrstl') || i || '@example.org',
                   (array['Lisbon','Vienna','Oslo','Prague','Athens','Dublin','Rome','Tallinn'])[1 + h / 8 % 8],
                   date '2015-01-01' + (h % 4000)::int, (h % 1000000) / 100.0,
                   case when h % 5 = 0 then m || ' ' || md5(m) end
            from (select i, md5(i::text) m, (i * 2654435761 % 4294967296) h
                  from generate_series(FIRST::bigint, LAST::bigint) i) s
            """;

    private static final String GOODS = """
            insert into shop.product
            select i, initcap(translate(substr(m, 1, 12), '0123456789', 'aeiounrstl')), 1 + h % 50000 / 100.0,
                   jsonb_build_object('weight_grams', h % 9000, 'colour',
                       (array['red','green','blue','black','white'])[1 + h % 5], 'code', substr(m, 8, 12))
            from (select i, md5(i::text || 'p') m, (i * 2654435761 % 4294967296) h
                  from generate_series(FIRST::bigint, LAST::bigint) i) s
            """;

    private static final String ORDERS = """
            insert into shop.orders
            select i, 1 + h % CUSTOMERS, timestamptz '2024-01-01 UTC' + i * interval '37 seconds',
                   (array['paid','packed','shipped','delivered','returned'])[1 + h % 5], 5 + h % 90000 / 100.0,
                   jsonb_build_object('carrier', (array['bike','van','ship'])[1 + h % 3], 'parcel', m,
                       'street', 'Harbour Road ' || h % 400, 'insured', h % 7 = 0),
                   repeat(substr(m, 1, 6) || ' ', (h % 20)::int)
            from (select i, md5(i::text || 'o') m, (i * 2654435761 % 4294967296) h
                  from generate_series(FIRST::bigint, LAST::bigint) i) s
            """;

    private static final String LINES = """
            insert into shop.order_line
            select i, line, 1 + (h + line * 7919) %% %d, 1 + h / line %% 9, 1 + (h + line) %% 50000 / 100.0,
                   jsonb_build_object('batch', substr(m, line * 4, 14), 'gift', h %% 11 = line, 'pick', h %% 1000 * line)
            from (select i, md5(i::text || 'l') m, (i * 2654435761 %% 4294967296) h
                  from generate_series(FIRST::bigint, LAST::bigint) i) s, generate_series(1, %d) line
            """.formatted(PRODUCTS, LINES_PER_ORDER);

    /** One statement a line, the long ones first, so that the sessions end together. */
    private static final String INDEXES = """
            alter table shop.order_line add primary key (order_id, line)
            create index order_line_product on shop.order_line (product) tablespace TABLESPACE_NAME
            create index orders_shipping on shop.orders using gin (shipping jsonb_path_ops)
            alter table shop.orders add primary key (id)
            create index orders_customer on shop.orders (customer, placed)
            alter table shop.customer add primary key (id)
            create unique index customer_email on shop.customer (email)
            alter table shop.product add primary key (id)
            """;
}
