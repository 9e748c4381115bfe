package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.pgark.embedded.FileTree;
import org.pgark.testkit.S3Policy;
import org.pgark.testkit.S3Vault;
import org.pgark.testkit.TestCluster;

/** Keys that a command gives, that last a second, and that the service does not take any more soon after. */
@Isolated("requests that are made again are counted for the whole process")
class RenewedCredentialsTest {
    private static final S3Policy NOTHING = new S3Policy(List.of());
    /** A key that was renewed is taken for as long as two more are current: requests may be on their way. */
    private static final int TAKEN_STILL = 3;

    @TempDir
    private Path folder;

    private volatile boolean ended;

    private CommandResult done(String... words) {
        return CommandResult.of(folder, words).mustEndWith(0);
    }

    private void configure(TestCluster server, S3Vault service) throws Exception {
        Path script = folder.resolve("key");
        // The SDK asks for another key 15 seconds before one ends.
        Files.writeString(script, """
                #!/bin/sh
                n=$(($(cat %1$s/number) + 1))
                echo $n > %1$s/number
                echo '{"Version": 1, "AccessKeyId": "KEY'$n'", "SecretAccessKey": "s", "SessionToken": "t",'
                echo '"Expiration": "'$(date -u -d '+16 seconds' +%%Y-%%m-%%dT%%H:%%M:%%SZ)'"}'
                """.formatted(folder));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(folder.resolve("number"), "0\n");
        Files.writeString(folder.resolve("aws"), "[profile backup]\ncredential_process = " + script + "\n");
        ServerConfiguration.write(folder, server, """
            [repository.main]
            url = "s3://bucket/prefix"
            endpoint = "%s"
            path-style = true
            profile = "backup"
            """.formatted(service.endpoint()), "repository = \"main\"\n");
    }

    private int keys() throws IOException {
        String text = Files.readString(folder.resolve("number")).strip();
        return text.isEmpty() ? 0 : Integer.parseInt(text);
    }

    /** Old keys are taken no more. */
    private void revoke(S3Vault service) {
        try {
            while (!ended) {
                for (int old = 1; old <= keys() - TAKEN_STILL; old++) {
                    service.allow("KEY" + old, NOTHING);
                }
                Thread.sleep(50);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aBackupOutlivesItsKeys() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path wal = PushedWal.folder(folder.resolve("wal"));
        System.setProperty("aws.configFile", folder.resolve("aws").toString());
        try (S3Vault service = S3Vault.start("bucket");
                TestCluster server = PushedWal.quietServer(wal).started()) {
            configure(server, service);
            Thread revoking = Thread.ofPlatform().daemon().start(() -> revoke(service));
            try (PushedWal _ = new PushedWal(folder, wal, true)) {
                done(
                        "init",
                        "--cluster",
                        "main",
                        "--pgdata",
                        server.dataDirectory().toString());
                int before = keys();
                done("backup", "--rate", "4MiB");
                assertThat(keys()).isGreaterThan(before + TAKEN_STILL);
            }
            ClusterFiles files = ClusterFiles.of(server.dataDirectory());
            Path target = folder.resolve("restored");
            done("restore", "--immediate", "--to", target.toString());
            assertThat(ClusterFiles.of(target)).isEqualTo(files);
            FileTree.delete(target);
            ended = true;
            revoking.join();
        } finally {
            ended = true;
            System.clearProperty("aws.configFile");
        }
    }
}
