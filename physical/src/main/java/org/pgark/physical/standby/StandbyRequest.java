package org.pgark.physical.standby;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.pgark.postgres.connection.ConnectionSettings;

/**
 * What standby to make.
 *
 * @param directory its data directory, empty or not there yet
 * @param primary whom it follows; its options become {@code primary_conninfo}
 * @param slot the replication slot that is made on the primary, if any
 * @param settings lines for postgresql.auto.conf, by name
 * @param start how the server is started, or empty if that is left to the user
 */
public record StandbyRequest(
        Path directory,
        ConnectionSettings primary,
        Optional<String> slot,
        Map<String, String> settings,
        Optional<Start> start) {

    /**
     * How a standby is started.
     *
     * @param programs the folder of the server's programs; looked for if empty
     * @param path where to look, as in {@code PATH}
     * @param runsAs words before the programs, for a process that may not run them as itself
     * @param patience how long to wait until it streams
     */
    public record Start(Optional<Path> programs, String path, java.util.List<String> runsAs, Duration patience) {
        public Start {
            runsAs = java.util.List.copyOf(runsAs);
            if (patience.isNegative() || patience.isZero()) {
                throw new IllegalArgumentException("invalid time \"" + patience + "\", must be positive");
            }
        }
    }

    public StandbyRequest {
        Objects.requireNonNull(directory, "directory is null");
        Objects.requireNonNull(primary, "primary is null");
        settings = java.util.Collections.unmodifiableMap(new TreeMap<>(settings));
        settings.forEach((name, value) -> {
            if (!name.matches("[A-Za-z_][A-Za-z0-9_.]*") || value.contains("\n")) {
                throw new IllegalArgumentException(
                        "invalid setting \"" + name + "=" + value + "\", must be NAME=VALUE");
            }
        });
    }

    /** The file that the server's first messages go to. */
    public Path log() {
        return directory.resolve("startup.log");
    }

    /** The lines of postgresql.auto.conf. */
    String lines() {
        StringBuilder lines = new StringBuilder(FollowSettings.lines(primary, Optional.empty(), slot));
        settings.forEach((name, value) -> lines.append(FollowSettings.line(name, value)));
        return lines.toString();
    }
}
