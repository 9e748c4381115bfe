package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.pgark.embedded.Cluster;
import org.pgark.testkit.Waiting;

/** What each of the roles of docs/stores.md is for, by command. */
final class RoleWork {
    /** What the collector's host keeps. */
    static final String COLLECTORS_RULES = "\n[cluster.main.keep]\nlast = 1\n";

    private RoleWork() {}

    /** The writer tries whether all is ready. */
    static void check(ProtectedCluster main) throws Exception {
        main.pgark("check").mustSucceed();
        main.pgark("check", "--repository").mustSucceed();
    }

    /** The writer backs up twice, archives and verifies. */
    static void write(ProtectedCluster main) throws Exception {
        main.cluster().execute("CREATE TABLE item AS SELECT md5(i::text) t FROM generate_series(1, 100000) i");
        main.pgark("backup").mustSucceed();
        main.cluster().execute("DELETE FROM item WHERE t < '8'");
        main.pgark("backup", "--full").mustSucceed();
        main.cluster().execute("INSERT INTO item VALUES ('after')");
        String segment = main.cluster().switchWal();
        Waiting.until(
                "segment " + segment + " is archived",
                Cluster.PATIENCE,
                () -> main.cluster()
                        .query("SELECT coalesce(max(last_archived_wal), '') >= '" + segment + "' FROM pg_stat_archiver")
                        .equals("t"));
        main.pgark("verify", "--all", "--wal").mustSucceed();
        assertThat(main.backups()).hasSize(2);
    }

    /** The restorer brings back all there is, on its host. */
    static void restore(ProtectedCluster main, RoleHost role, String... options) throws Exception {
        Path place = Files.createTempDirectory(main.folder(), "restored");
        Files.delete(place);
        List<String> words =
                new ArrayList<>(List.of("restore", "--cluster", "main", "--hold-wal", "0", "--to", place.toString()));
        words.addAll(List.of(options));
        role.pgark(words.toArray(String[]::new)).mustSucceed();
        Cluster server = main.startRestored(place);
        assertThat(ProtectedCluster.query(server, "SELECT count(*) FROM item WHERE t = 'after'"))
                .isEqualTo("1");
        server.close();
        role.endWorker();
    }

    /**
     * The collector lets go of what its rules do not keep, when no lock holds it any more.
     *
     * @param afterTheLocks makes so much time pass
     */
    static void collect(ProtectedCluster main, RoleHost collector, Runnable afterTheLocks) throws Exception {
        List<String> backups = main.backups();
        collector.pgark("pin", backups.getFirst(), "--reason", "try").mustSucceed();
        collector.pgark("unpin", backups.getFirst()).mustSucceed();
        collector.pgark("expire").mustSucceed();
        assertThat(main.backups()).containsExactly(backups.getLast());
        collector
                .pgark("key", "rotate", "--new-data-key", "--repository", "main")
                .mustSucceed();
        afterTheLocks.run();
        main.pgark("backup", "--full").mustSucceed();
        collector.pgark("delete", backups.getLast()).mustSucceed();
        collector.pgark("expire").mustSucceed();
        collector.pgark("collect").mustSucceed();
        main.pgark("verify", "--all").mustSucceed();
    }
}
