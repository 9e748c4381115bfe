package org.pgark.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pgark.testkit.FileFault;

/** Expiry goes as far as it can where a pack that it would make smaller is damaged, and says so. */
class DamagedExpiryTest {
    private static final int DAMAGE_FOUND = 3;
    private static final int DISTANCE = 64 * 1024;

    @Test
    void damagedPacksStayAsTheyAreAndAreTold() throws Exception {
        try (ProtectedCluster protectedCluster = ProtectedCluster.started(18)) {
            Files.writeString(
                    protectedCluster.folder().resolve("pgark.toml"),
                    "\n[cluster.main.keep]\nlast = 1\n",
                    StandardOpenOption.APPEND);
            protectedCluster
                    .cluster()
                    .execute("CREATE TABLE filler AS SELECT i, md5(i::text) || md5((-i)::text) AS t"
                            + " FROM generate_series(1, 400000) i");
            protectedCluster.pgark("backup").mustSucceed();
            protectedCluster.cluster().execute("TRUNCATE filler");
            protectedCluster.pgark("backup").mustSucceed();
            String newest = protectedCluster.backups().getLast();
            Path damaged = damage(protectedCluster.folder());

            assertThat(protectedCluster
                            .pgark("expire")
                            .mustEndWith(DAMAGE_FOUND)
                            .output())
                    .containsPattern("DAMAGE FOUND: .*" + damaged.getFileName());
            assertThat(protectedCluster.backups()).containsExactly(newest);
            assertThat(damaged).exists();
            protectedCluster.pgark("collect").mustEndWith(DAMAGE_FOUND);
        }
    }

    /** Damages the largest pack at many places. */
    private static Path damage(Path folder) throws IOException {
        List<Path> packs;
        try (Stream<Path> files = Files.walk(folder)) {
            packs = files.filter(file -> file.toString().contains("/packs/"))
                    .filter(Files::isRegularFile)
                    .toList();
        }
        Path largest = packs.getFirst();
        for (Path pack : packs) {
            largest = Files.size(pack) > Files.size(largest) ? pack : largest;
        }
        for (int offset = 1000; offset < Files.size(largest); offset += DISTANCE) {
            FileFault.flipBit(largest, offset);
        }
        return largest;
    }
}
