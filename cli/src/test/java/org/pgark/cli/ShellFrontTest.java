package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.configuration.ConfigurationSources;

class ShellFrontTest {
    @TempDir
    private Path folder;

    @Test
    void recoveryReadsTheRepositoriesThatTheEnvironmentNamedForTheRestore() throws Exception {
        Path file = Files.writeString(folder.resolve("pgark.toml"), """
            [repository.near]
            url = "file:/a"
            [repository.vault]
            url = "file:/b"
            [cluster.main]
            pgdata = "/data"
            repository = "near"
            """);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Configuration configuration = Configuration.read(
                new ConfigurationSources(Optional.of(file), Map.of(), folder, ConfigurationSources.SYSTEM_FILE));
        assertThat(ShellFront.restoreCommand("main", configuration, Map.of("PGARK_CLUSTER_MAIN_REPOSITORY", "vault")))
                .startsWith("PGARK_CLUSTER_MAIN_REPOSITORY=vault PGARK_CLUSTER_MAIN_REQUIRE=all ")
                .endsWith(" --cluster main get %f %p");
        assertThat(ShellFront.restoreCommand("main", configuration, Map.of()))
                .doesNotContain("PGARK_CLUSTER")
                .endsWith(" --cluster main get %f %p");
    }
}
