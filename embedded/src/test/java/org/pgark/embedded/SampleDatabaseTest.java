package org.pgark.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SampleDatabaseTest {
    private static final int BYTES = 24 << 20;

    @Test
    void takesTheSpaceThatWasAskedForWithAThirdOfItInTheTablespace(@TempDir Path home) throws Exception {
        try (Cluster cluster =
                Cluster.create(EmbeddedServers.ofThisBuild().installation(16), home, ClusterOptions.DEFAULT)) {
            cluster.start();
            Path folder = Files.createDirectory(home.resolve("lines"));
            cluster.user().own(folder);
            try (Connection connection = cluster.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("create tablespace lines location '" + folder + "'");

                SampleDatabase.load(cluster::connect, BYTES >> 20, "lines");

                assertThat(number(
                                statement,
                                "select sum(pg_total_relation_size(oid)) from pg_class"
                                        + " where relnamespace = 'shop'::regnamespace and relkind = 'r'"))
                        .isBetween(BYTES, BYTES * 5 / 4);
                assertThat(number(statement, "select pg_tablespace_size('lines')"))
                        .isGreaterThan(BYTES / 3);
                assertThat(number(
                                statement,
                                "select count(*) from shop.orders o where not exists"
                                        + " (select from shop.customer c where c.id = o.customer)"))
                        .isZero();
            }
        }
    }

    private static int number(Statement statement, String query) throws Exception {
        try (ResultSet answer = statement.executeQuery(query)) {
            answer.next();
            return answer.getInt(1);
        }
    }
}
