package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.repository.retention.KeepWindow;
import org.pgark.storage.ObjectLock;
import org.pgark.testkit.S3Vault;
import org.pgark.testkit.TestCluster;

/** A repository that locks its objects for less long, or for longer, than the recovery window needs them. */
class LockCoverTest {
    private static final String WARNING = "repository \"main\" locks for 20 days, less than keep.window \"4 weeks\":"
            + " when no backup renews its locks, what the window needs is not protected to its end";
    private static final String HINT = "Leave object-lock-days out, or set it to 36 or more.";

    @TempDir
    private Path folder;

    private void configure(TestCluster server, S3Vault service) throws Exception {
        Files.writeString(folder.resolve("secret"), "secret\n");
        ServerConfiguration.write(
                folder, server, """
            [repository.main]
            url = "s3://bucket/main"
            endpoint = "%s"
            path-style = true
            region = "eu-central-1"
            access-key-id = "key"
            secret-access-key-file = "%s/secret"
            object-lock = "compliance"
            object-lock-days = 20
            """.formatted(service.endpoint(), folder), "keep.window = \"4 weeks\"\n");
    }

    @Test
    void checkAndBackupWarnOfLocksThatEndBeforeTheWindow() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path wal = PushedWal.folder(folder.resolve("wal"));
        try (TestCluster server = TestCluster.of(18)
                        .walSegmentMegabytes(1)
                        .archiveCommand(PushedWal.command(wal))
                        .started();
                S3Vault service = S3Vault.start("bucket")) {
            configure(server, service);
            CommandResult.of(
                            folder,
                            "init",
                            "--cluster",
                            "main",
                            "--pgdata",
                            server.dataDirectory().toString())
                    .mustEndWith(0);
            // It fails for the archive_command, which is none of pgark's.
            assertThat(CommandResult.of(folder, "check").mustEndWith(1).output())
                    .contains("warning  object lock        " + WARNING + "\n         HINT: " + HINT + "\n");
            try (PushedWal _ = new PushedWal(folder, wal)) {
                CommandResult brief = CommandResult.of(folder, "backup").mustEndWith(0);
                assertThat(brief.errors()).contains("pgark: warning: " + WARNING + ". " + HINT + "\n");
            }
        }
    }

    @Test
    void locksThatLastAsLongAsTheWindowAreEnough() {
        LockCover cover =
                new LockCover("main", 28, ObjectLock.Mode.COMPLIANCE, Optional.of(KeepWindow.parse("4 weeks")));
        assertThat(cover.isTooShort()).isFalse();
        assertThat(cover.describe()).isEqualTo("repository \"main\" locks for 28 days, compliance");
        assertThat(new LockCover("main", 27, cover.mode(), cover.window()).isTooShort())
                .isTrue();
        assertThat(new LockCover("main", 1, cover.mode(), Optional.empty()).isTooShort())
                .isFalse();
    }
}
