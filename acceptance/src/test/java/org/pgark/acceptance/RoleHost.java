package org.pgark.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.pgark.testkit.ProgramOutcome;

/** A role of docs/stores.md on a host of its own: its key, its configuration, its memory. */
final class RoleHost {
    private final ProtectedCluster main;
    private final Map<String, String> environment;

    /**
     * Makes the host's files.
     *
     * @param key puts the role's key in the place of the writer's in the configuration
     * @param rules what else stands in the configuration
     */
    RoleHost(ProtectedCluster main, String name, UnaryOperator<String> key, String rules) throws IOException {
        this.main = main;
        Path home = Files.createTempDirectory(main.folder(), name);
        String text = key.apply(Files.readString(main.configuration()));
        Path configuration = Files.writeString(home.resolve("pgark.toml"), text + rules);
        this.environment = Map.of(
                "PGARK_CONFIG", configuration.toString(),
                "PGARK_SPOOL", home.resolve("spool").toString(),
                "XDG_STATE_HOME", home.resolve("state").toString());
    }

    /** The worker that a restored server has started to fetch WAL. */
    void endWorker() throws IOException {
        Path file = Path.of(environment.get("PGARK_SPOOL"), "main", "worker.pid");
        if (Files.exists(file)) {
            ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    ProtectedCluster.Run pgark(String... words) throws IOException {
        ProcessBuilder builder = main.builder(words);
        builder.environment().putAll(environment);
        return new ProtectedCluster.Run("pgark " + String.join(" ", words), ProgramOutcome.of(builder));
    }
}
