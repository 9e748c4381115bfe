package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.embedded.FileTree;
import org.pgark.testkit.Azurite;
import org.pgark.testkit.TestCluster;

/** Shared access signatures that end after seconds, and are renewed in their file before. */
@Tag("slow")
class RenewedSignatureTest {
    private static final Duration LIFE = Duration.ofSeconds(4);
    private static final long PAUSE_MILLIS = 1_000;

    @TempDir
    private Path folder;

    private final AtomicInteger signatures = new AtomicInteger();
    private volatile boolean ended;

    private CommandResult done(String... words) {
        return CommandResult.of(folder, words).mustEndWith(0);
    }

    private void sign() throws IOException {
        Path beside = Files.writeString(
                folder.resolve("signature.new"),
                Azurite.sharedAccess("container", "rwdl", Instant.now().plus(LIFE)) + "\n");
        Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rw-------"));
        Files.move(beside, folder.resolve("signature"), StandardCopyOption.ATOMIC_MOVE);
        signatures.incrementAndGet();
    }

    private void renew() {
        try {
            while (!ended) {
                sign();
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void configure(TestCluster server, Azurite service) throws Exception {
        ServerConfiguration.write(
                folder,
                server,
                """
            [repository.main]
            url = "azblob://%s/container/prefix"
            endpoint = "%s"
            sas-token-file = "%s"
            """.formatted(Azurite.ACCOUNT, service.endpoint(), folder.resolve("signature")),
                "repository = \"main\"\n");
    }

    @Test
    void aBackupOutlivesItsSignatures() throws Exception {
        String obstacle = Azurite.obstacle();
        Assumptions.assumeTrue(obstacle.isEmpty(), obstacle);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path wal = PushedWal.folder(folder.resolve("wal"));
        try (Azurite service = Azurite.start(folder, "container");
                TestCluster server = PushedWal.quietServer(wal).started()) {
            configure(server, service);
            sign();
            Thread renewing = Thread.ofPlatform().daemon().start(this::renew);
            try (PushedWal _ = new PushedWal(folder, wal, true)) {
                done(
                        "init",
                        "--cluster",
                        "main",
                        "--pgdata",
                        server.dataDirectory().toString());
                Instant begin = Instant.now();
                int before = signatures.get();
                done("backup", "--rate", "2MiB");
                // Those that it began with have ended before it did.
                assertThat(Duration.between(begin, Instant.now())).isGreaterThan(LIFE.multipliedBy(2));
                assertThat(signatures.get()).isGreaterThan(before + 4);
            }
            ClusterFiles files = ClusterFiles.of(server.dataDirectory());
            Path target = folder.resolve("restored");
            done("restore", "--immediate", "--to", target.toString());
            assertThat(ClusterFiles.of(target)).isEqualTo(files);
            FileTree.delete(target);

            ended = true;
            renewing.join();
            Thread.sleep(LIFE.plusSeconds(1));
            assertThat(CommandResult.of(folder, "list").errors()).contains("403");
        } finally {
            ended = true;
        }
    }
}
