package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.testkit.S3Proxy;
import org.pgark.testkit.TestCluster;

/** A plain repository in a local directory, which is lost for a while, and an encrypted one in an object service. */
class SeveralRepositoriesCommandsTest {
    @TempDir
    private Path folder;

    private CommandResult run(String... words) {
        return CommandResult.of(folder, words);
    }

    private CommandResult done(String... words) {
        CommandResult result = run(words);
        assertThat(result.exitCode()).as(result.toString()).isZero();
        return result;
    }

    private void configure(TestCluster server, S3Proxy service) throws Exception {
        Files.writeString(folder.resolve("secret"), S3Proxy.SECRET_KEY + "\n");
        Path file = folder.resolve("pgark.toml");
        Files.writeString(file, """
            [repository.near]
            url = "file:%1$s/near"
            [repository.far]
            url = "s3://bucket/far"
            endpoint = "%6$s"
            path-style = true
            access-key-id = "%7$s"
            secret-access-key-file = "%1$s/secret"
            encryption = "required"
            key-file = "%1$s/far.key"
            [cluster.main]
            pgdata = "%2$s"
            connection = "host=%3$s port=%4$d user=%5$s dbname=postgres"
            repository = ["near", "far"]
            keep.window = "30d"
            """.formatted(
                        folder,
                        server.dataDirectory(),
                        server.socketDirectory(),
                        server.port(),
                        server.query("select current_user"),
                        service.endpoint(),
                        S3Proxy.ACCESS_KEY));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private void take(String name) throws IOException {
        Files.move(folder.resolve(name), folder.resolve(name + ".gone"));
    }

    private void bringBack(String name) throws IOException {
        Files.move(folder.resolve(name + ".gone"), folder.resolve(name));
    }

    @Test
    void whatOneHasLostTheOtherHas() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path wal = Files.createDirectory(folder.resolve("wal"));
        Files.setPosixFilePermissions(wal, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (TestCluster server = TestCluster.of(18)
                        .walSegmentMegabytes(1)
                        .archiveCommand("cp %p " + wal + "/%f.part && mv " + wal + "/%f.part " + wal + "/%f")
                        .started();
                S3Proxy service = S3Proxy.start(folder.resolve("service"), "bucket")) {
            configure(server, service);
            done("init", "--cluster", "main", "--pgdata", server.dataDirectory().toString());
            try (PushedWal _ = new PushedWal(folder, wal)) {
                server.execute("create table t as select generate_series(1, 1000) i");
                assertThat(done("backup").output()).endsWith("  in repositories: far, near\n");
                assertThat(done("list").output()).contains("main in repository near (", "main in repository far (");

                take("near");
                server.execute("insert into t select generate_series(1, 1000)");
                CommandResult backup = run("backup");
                assertThat(backup.exitCode()).as(backup.toString()).isEqualTo(1);
                assertThat(backup.output()).endsWith("  in repositories: far\n");
                assertThat(backup.errors()).contains(" is in far, but not in near\nHINT: \"pgark copy ");
            }
            withoutTheFirst();
            bringBack("near");
            fillUp();
            withoutAPack();
            assertThat(done("delete", "latest").output()).contains("  deleted in these repositories: near, far\n");
        }
    }

    private void withoutTheFirst() {
        Path target = folder.resolve("restored");
        // Without --dry-run root would go on as the owner of the files, in another process.
        CommandResult restored = done("restore", "--to", target.toString(), "--dry-run");
        assertThat(restored.output()).contains("reading from repository far\n");
        assertThat(restored.errors()).contains("recovery will look for WAL in these repositories only: far\n");
        CommandResult list = run("list");
        assertThat(list.exitCode()).isEqualTo(1);
        assertThat(list.errors()).startsWith("pgark: warning: repository \"near\" was left out: ");
        CommandResult waiting = run("expire").mustEndWith(5);
        assertThat(waiting.errors())
                .contains(
                        "repository \"near\" cannot be reached and may lack what would go; nothing expires in repository"
                                + " \"far\" (\"--without near\" does not wait for it.)");
        assertThat(run("expire", "--without", "near").mustEndWith(1).errors()).doesNotContain("nothing expires");
    }

    private void fillUp() {
        CommandResult status = run("wal", "status");
        assertThat(status.exitCode()).isEqualTo(1);
        assertThat(status.output()).containsPattern("near .* BEHIND, from ").containsPattern("far .* complete\n");
        assertThat(done("wal", "fill").output()).contains("repository far: has all WAL that the others have\n");
        assertThat(done("wal", "status").output()).doesNotContain("BEHIND");
        assertThat(done("copy", "latest", "--from", "far", "--to", "near").output())
                .contains(" to repository near: ")
                .contains(" copied, the rest shared with ");
        assertThat(done("copy", "latest", "--from", "far", "--to", "near").output())
                .endsWith(" to repository near: was there already\n");
        assertThat(done("verify", "--all").output())
                .contains("recoverable: cluster main in repository near, ")
                .contains("recoverable: cluster main in repository far, ")
                .doesNotContain("DAMAGE");
        done("expire");
        done("collect");
        assertThat(done("show", "latest").output()).contains("repositories       near, far\n");
    }

    private void withoutAPack() throws IOException {
        Path lost;
        try (Stream<Path> files = Files.walk(folder.resolve("near"))) {
            lost = files.filter(file -> file.toString().contains("/packs/"))
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .orElseThrow();
        }
        Path aside = Files.move(lost, folder.resolve("lost"));
        CommandResult restored =
                done("restore", "--to", folder.resolve("restored").toString(), "--dry-run");
        assertThat(restored.output()).contains("reading from repository far\n");
        assertThat(restored.errors())
                .contains("repository \"near\" cannot be restored from: ")
                .contains(lost.getFileName() + "\" does not exist in ");
        CommandResult verified = run("verify", "--all");
        assertThat(verified.exitCode()).isEqualTo(3);
        assertThat(verified.output())
                .contains(lost.getFileName().toString())
                .contains("recoverable: cluster main in repository far, ");
        Files.move(aside, lost);
        // What is there again is no damage any more.
        done("verify", "--all");
    }
}
