package org.pgark.logical.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.logical.archive.DumpItem;
import org.pgark.logical.archive.TocEntry;
import org.pgark.logical.catalog.DumpListener;
import org.pgark.logical.catalog.DumpOptions;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.testkit.TestCluster;

class ObjectKindsTest {
    @ParameterizedTest
    @ValueSource(ints = {13, 18})
    void whatIsDumpedMakesTheSameObjectsAgain(int major) throws Exception {
        try (TestCluster cluster = TestCluster.of(major).created()) {
            cluster.start();
            run(cluster, "postgres", List.of("CREATE DATABASE first", "CREATE DATABASE second"));
            run(
                    cluster,
                    "postgres",
                    List.of(
                            "CREATE ROLE \"we ird\"",
                            "CREATE ROLE \"quo\"\"te\"",
                            "CREATE ROLE other",
                            "CREATE ROLE third"));
            run(cluster, "first", List.of(resource()));
            List<TocEntry> first = entries(cluster, "first");
            run(cluster, "second", first.stream().map(TocEntry::definition).toList());
            List<TocEntry> second = entries(cluster, "second");
            assertThat(text(second)).isEqualTo(text(first));
            assertThat(first.stream().map(TocEntry::description))
                    .contains(
                            "AGGREGATE",
                            "CAST",
                            "COLLATION",
                            "CONVERSION",
                            "DEFAULT ACL",
                            "DOMAIN",
                            "FOREIGN DATA WRAPPER");
            assertThat(first.stream().map(TocEntry::definition)).contains("""
                CREATE OPERATOR k.= (
                    FUNCTION = k.beq,
                    LEFTARG = k.base,
                    RIGHTARG = k.base,
                    COMMUTATOR = OPERATOR(k.=),
                    MERGES,
                    HASHES,
                    RESTRICT = eqsel,
                    JOIN = eqjoinsel
                );
                """, """
                CREATE SERVER "s rv" TYPE 't''y' VERSION '1\\2' FOREIGN DATA WRAPPER "f dw" OPTIONS (
                    host 'h'
                );
                """);
        }
    }

    private static String text(List<TocEntry> entries) {
        return entries.stream().map(ObjectKindsTest::text).collect(Collectors.joining("\n"));
    }

    private static String text(TocEntry entry) {
        return entry.description() + " " + entry.namespace() + " " + entry.tag() + " " + entry.owner() + "\n"
                + entry.definition() + entry.dropStatement().orElse("");
    }

    private static List<TocEntry> entries(TestCluster cluster, String database) throws IOException {
        try (WireConnection connection = open(cluster, database)) {
            DumpOptions options =
                    DumpOptions.builder().contents(true, false, false).build();
            return new DatabaseDump(options, new NoWarnings())
                    .read(connection).items().stream().map(DumpItem::entry).toList();
        }
    }

    private static void run(TestCluster cluster, String database, List<String> statements) throws IOException {
        try (WireConnection connection = open(cluster, database)) {
            for (String statement : statements) {
                connection.query(statement);
            }
        }
    }

    private static WireConnection open(TestCluster cluster, String database) throws IOException {
        return WireConnection.open(ConnectionSettings.resolve(
                "user=postgres dbname=" + database + " port=" + cluster.port() + " host=" + cluster.socketDirectory(),
                ConnectionEnvironment.of(Map.of(), cluster.home().resolve("no home"), "postgres")));
    }

    private static String resource() throws IOException {
        try (InputStream in = Objects.requireNonNull(ObjectKindsTest.class.getResourceAsStream("/objects.sql"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static final class NoWarnings implements DumpListener {
        @Override
        public void progress(String line) {}

        @Override
        public void warning(String line) {
            throw new AssertionError(line);
        }

        @Override
        public void detail(String line) {
            throw new AssertionError(line);
        }

        @Override
        public void hint(String line) {
            throw new AssertionError(line);
        }
    }
}
