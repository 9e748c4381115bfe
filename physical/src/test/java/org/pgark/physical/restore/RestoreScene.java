package org.pgark.physical.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pgark.embedded.FileTree;
import org.pgark.physical.ArchivingCluster;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.recovery.RecoveryTarget;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.Repository;

/** One cluster with two backups, shared by all tests that restore it, and a home for what a test restores. */
@ExtendWith(RestoreOriginal.Sharing.class)
abstract class RestoreScene {
    final ArchivingCluster original;
    final BackupRecord first;
    final BackupRecord second;
    final Path tablespace;
    final Path walDisk;
    final String instant;
    final String transaction;

    Path home = Path.of("");

    RestoreScene(RestoreOriginal scene) {
        original = scene.original();
        first = scene.first();
        second = scene.second();
        tablespace = scene.tablespace();
        walDisk = scene.walDisk();
        instant = scene.instant();
        transaction = scene.transaction();
    }

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createTempDirectory("pgark-restored-");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void removeHome() throws IOException {
        FileTree.delete(home);
    }

    RestorePlan restore(RestoreRequest request) throws Exception {
        try (Repository repository = original.opened()) {
            RestorePlan plan = Restore.plan(repository, request);
            new Restore(ProgressListener.SILENT).run(plan);
            return plan;
        }
    }

    Path data() {
        return home.resolve("data");
    }

    RestoreRequest request(RecoveryTarget target) {
        return RestoreRequest.of(ArchivingCluster.NAME, data(), original.restoreCommand())
                .until(target)
                .moving(Map.of(tablespace, home.resolve("moved")))
                .configuredAt(original.cluster().dataDirectory())
                .in(ZoneOffset.UTC);
    }

    /** Every file below a directory with its mode and content. */
    static Map<String, String> contents(Path directory) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                String content = Files.isRegularFile(file)
                        ? String.valueOf(java.util.Arrays.hashCode(Files.readAllBytes(file)))
                        : "";
                contents.put(directory.relativize(file).toString(), mode + " " + content);
            }
        }
        return contents;
    }
}
