package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgark.embedded.Cluster;
import org.pgark.testkit.Waiting;

/** The whole life of a repository by command on each store, until the store is gone and another one has the copy. */
@Tag("slow")
class StoresTest {
    private static final String COUNT = "SELECT count(*) || ' ' || sum(length(t)) FROM item";

    @TempDir(factory = InTmp.class)
    private Path folder;

    private static void await(ProtectedCluster main, String segment) throws Exception {
        Waiting.until(
                "segment " + segment + " is archived",
                Cluster.PATIENCE,
                () -> main.cluster()
                        .query("SELECT coalesce(max(last_archived_wal), '') >= '" + segment + "' FROM pg_stat_archiver")
                        .equals("t"));
    }

    @ParameterizedTest
    @EnumSource(StorePlace.Kind.class)
    void aRepositoryLivesOnAStoreAndInItsCopy(StorePlace.Kind kind) throws Exception {
        for (StorePlace.Kind needed : new StorePlace.Kind[] {kind, kind.next()}) {
            Assumptions.assumeTrue(needed.obstacle().isEmpty(), needed.obstacle());
        }
        try (StorePlace second = StorePlace.start(kind.next(), folder.resolve("second"))) {
            StorePlace first = StorePlace.start(kind, folder.resolve("first"));
            try (ProtectedCluster main = ProtectedCluster.configured(17, first.table("main"), true)) {
                String restored = life(main, second);
                first.close();
                String configuration = Files.readString(main.configuration());
                Files.writeString(
                        main.configuration(), configuration.replace("repository = \"main\"", "repository = \"copy\""));
                Cluster server = main.restored();
                assertThat(ProtectedCluster.query(server, COUNT)).isEqualTo(restored);
            } finally {
                first.close();
            }
        }
    }

    /** From the first check to the copy; returns what the table holds in the end. */
    private static String life(ProtectedCluster main, StorePlace second) throws Exception {
        main.pgark("check").mustSucceed();
        main.pgark("check", "--repository").mustSucceed();
        main.cluster().execute("CREATE TABLE item AS SELECT repeat('x', i % 100) t FROM generate_series(1, 50000) i");
        assertThat(main.pgark("backup").mustSucceed().output()).startsWith("full backup");
        main.cluster().execute("UPDATE item SET t = t || 'y' WHERE length(t) = 7");
        String before = main.cluster().query(COUNT);
        main.cluster().query("SELECT pg_create_restore_point('before')");
        main.cluster().execute("DELETE FROM item WHERE length(t) > 50");
        String after = main.cluster().query(COUNT);
        assertThat(main.pgark("backup").mustSucceed().output()).startsWith("incremental backup");
        await(main, main.cluster().switchWal());

        Cluster past = main.restored("--name", "before", "--hold-wal", "0");
        assertThat(ProtectedCluster.query(past, COUNT)).isEqualTo(before);
        main.pgark("verify", "--all", "--wal").mustSucceed();

        String kept = main.backups().getLast();
        String text = Files.readString(main.configuration());
        Files.writeString(main.configuration(), text + "\n[cluster.main.keep]\nlast = 1\n\n" + copied(text, second));
        assertThat(main.pgark("expire").mustSucceed().output()).contains("went");
        assertThat(main.backups()).containsExactly(kept);
        main.pgark("key", "rotate", "--new-data-key", "--repository", "main").mustSucceed();
        main.cluster().execute("INSERT INTO item VALUES ('after the rotation')");
        await(main, main.cluster().switchWal());
        main.pgark("verify", "--all", "--wal").mustSucceed();
        main.pgark("copy", "--all", "--from", "main", "--to", "copy").mustSucceed();
        main.pgark("copy", "--all", "--from", "main", "--to", "copy").mustSucceed();
        assertThat(after).isNotEqualTo(before);
        return main.cluster().query(COUNT);
    }

    /** The second place, with the pins and keys of the first: it becomes the same repository. */
    private static String copied(String configuration, StorePlace second) {
        String pins = Stream.of(configuration.split("\n"))
                .filter(line -> line.matches("(id|key-fingerprint|encryption|key-file) = .*"))
                .reduce("", (all, line) -> all + line + "\n");
        return second.table("copy").stripTrailing() + "\n" + pins;
    }
}
