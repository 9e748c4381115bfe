package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.pgark.embedded.FileTree;
import org.pgark.testkit.S3Vault;
import org.pgark.testkit.TestCluster;

/** A service whose listings do not show what was written a moment ago, and still show what was deleted since. */
@Isolated("requests that are made again are counted for the whole process")
class LaggingListingTest {
    @TempDir
    private Path folder;

    private CommandResult done(String... words) {
        return CommandResult.of(folder, words).mustEndWith(0);
    }

    private void configure(TestCluster server, S3Vault service) throws Exception {
        Files.writeString(folder.resolve("secret"), "unchecked\n");
        ServerConfiguration.write(
                folder, server, """
            [repository.main]
            url = "s3://bucket/prefix"
            endpoint = "%s"
            path-style = true
            access-key-id = "writer"
            secret-access-key-file = "%s/secret"
            """.formatted(service.endpoint(), folder), "repository = \"main\"\nkeep.last = 1\n");
    }

    private void restore(String id, ClusterFiles expected) throws Exception {
        Path target = folder.resolve("restored");
        done("restore", "--backup", id, "--immediate", "--hold-wal", "0", "--to", target.toString());
        assertThat(ClusterFiles.of(target)).isEqualTo(expected);
        FileTree.delete(target);
    }

    private List<String> listed() {
        List<String> ids = new ArrayList<>();
        done("list", "--json")
                .json()
                .at("/clusters/0/backups")
                .forEach(backup -> ids.add(backup.get("id").asString()));
        return ids;
    }

    @Test
    void whatIsNeverListedCounts() throws Exception {
        whatWasWrittenCounts(Duration.ofDays(1));
    }

    @Test
    @Tag("slow")
    void whatIsListedLateCounts() throws Exception {
        whatWasWrittenCounts(Duration.ofSeconds(2));
    }

    private void whatWasWrittenCounts(Duration lag) throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path wal = PushedWal.folder(folder.resolve("wal"));
        try (S3Vault service = S3Vault.start("bucket");
                TestCluster server = PushedWal.quietServer(wal).started()) {
            configure(server, service);
            service.listingsLag(lag);
            done("init", "--cluster", "main", "--pgdata", server.dataDirectory().toString());
            try (PushedWal _ = new PushedWal(folder, wal, true)) {
                server.execute("create table t as select generate_series(1, 10000) i");
                for (int number = 0; number < 3; number++) {
                    server.execute("update t set i = i + 1 where i % 7 = " + number);
                    done("backup");
                    ClusterFiles files = ClusterFiles.of(server.dataDirectory());
                    assertThat(listed()).hasSize(number + 1);
                    restore(listed().getLast(), files);
                }
                ClusterFiles files = ClusterFiles.of(server.dataDirectory());
                List<String> ids = listed();
                done("verify", "--all", "--wal");
                done("delete", ids.getFirst());
                done("collect");
                restore(ids.getLast(), files);
                done("expire");
                done("collect");
                assertThat(listed()).containsExactly(ids.getLast());
                restore(ids.getLast(), files);
                done("verify", "--all");
            }
        }
    }
}
