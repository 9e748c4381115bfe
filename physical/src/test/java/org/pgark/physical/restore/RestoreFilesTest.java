package org.pgark.physical.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pgark.physical.ArchivingCluster;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.recovery.RecoveryTarget;

/** The files that a restore writes. */
class RestoreFilesTest extends RestoreScene {
    RestoreFilesTest(RestoreOriginal scene) {
        super(scene);
    }

    @Test
    void writesTheSameFilesAsTheBackupHasWithTheirModes() throws Exception {
        restore(request(RecoveryTarget.LATEST));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data().resolve("PG_VERSION"))))
                .isEqualTo("rw-------");
        assertThat(data().resolve("global/pg_control")).exists();
        assertThat(data().resolve("backup_label")).exists();
        assertThat(data().resolve("recovery.signal")).isEmptyFile();
        assertThat(data().resolve("standby.signal")).doesNotExist();
        assertThat(data().resolve("pg_wal/archive_status")).isDirectory();
        assertThat(data().resolve(RestoreMarker.FILE_NAME)).doesNotExist();
        assertThat(Files.readString(data().resolve("tablespace_map")))
                .contains(home.resolve("moved").toString());
        assertThat(Files.readAllLines(data().resolve("postgresql.auto.conf")))
                .endsWith(
                        "# Recovery settings written by pgark restore",
                        "restore_command = '" + original.restoreCommand() + "'",
                        "recovery_target = ''",
                        "recovery_target_name = ''",
                        "recovery_target_time = ''",
                        "recovery_target_xid = ''",
                        "recovery_target_lsn = ''",
                        "recovery_target_inclusive = 'on'",
                        "recovery_target_timeline = '1'",
                        "recovery_target_action = 'promote'",
                        "archive_mode = 'off'",
                        "external_pid_file = ''");
    }

    @Test
    void asRootEverythingIsGivenToTheOwnerThatWasAskedFor() throws Exception {
        assumeTrue(Ownership.isRoot());
        OwnerNumbers owner = new OwnerNumbers(65534, 65534);

        restore(request(RecoveryTarget.LATEST).ownedBy(owner));

        try (Stream<Path> files = Files.walk(home)) {
            assertThat(files.filter(file -> !file.equals(home)))
                    .allSatisfy(
                            file -> assertThat(Files.readAttributes(file, "unix:uid,gid", LinkOption.NOFOLLOW_LINKS))
                                    .containsEntry("uid", 65534)
                                    .containsEntry("gid", 65534));
        }
    }

    @Test
    void fetchesTheFilesOfOneRelationByRangeReads() throws Exception {
        String path = original.cluster().query("select pg_relation_filepath('item')");
        String index = original.cluster().query("select pg_relation_filepath('item_pkey')");

        RelationOutcome outcome = new RelationRestore(original.repository(), ProgressListener.SILENT)
                .run(
                        ArchivingCluster.NAME,
                        Optional.empty(),
                        List.of(QualifiedName.parse("postgres.public.item")),
                        data());

        assertThat(outcome.files())
                .extracting(RelationOutcome.RestoredFile::path)
                .contains(path, index);
        assertThat(data().resolve(path)).isNotEmptyFile();
        assertThat(data().resolve("global/pg_control")).doesNotExist();
        assertThat(outcome.readBytes()).isPositive().isLessThan(outcome.storedBytes() / 2);
        assertThatThrownBy(() -> new RelationRestore(original.repository(), ProgressListener.SILENT)
                        .run(
                                ArchivingCluster.NAME,
                                Optional.empty(),
                                List.of(QualifiedName.parse("postgres.public.nothing")),
                                home.resolve("empty")))
                .hasMessage("backup \"" + second.id() + "\" has no relation \"postgres.public.nothing\"");
    }
}
