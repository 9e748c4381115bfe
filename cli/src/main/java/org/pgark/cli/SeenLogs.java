package org.pgark.cli;

import java.nio.file.Path;
import java.util.Map;
import org.pgark.repository.LogMemories;

/** Where a user's commands remember how far they have seen the logs of repositories. */
final class SeenLogs {
    private SeenLogs() {}

    /** In {@code $XDG_STATE_HOME/pgark/heads}, else in {@code ~/.local/state/pgark/heads}. */
    static LogMemories of(Map<String, String> environment, Path home) {
        return LogMemories.in(state(environment, home).resolve("heads"));
    }

    /** {@code $XDG_STATE_HOME/pgark}, else {@code ~/.local/state/pgark}. */
    static Path state(Map<String, String> environment, Path home) {
        Path chosen = Path.of(environment.getOrDefault("XDG_STATE_HOME", ""));
        Path state = chosen.isAbsolute() ? chosen : home.resolve(".local/state");
        return state.resolve("pgark");
    }
}
