package org.pgark.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.repository.LogMemories;
import org.pgark.storage.StoreOption;

/** Where a user's commands remember how far they have seen the logs of repositories. */
final class SeenLogs {
    private static final int DIGITS = 16;

    private SeenLogs() {}

    /**
     * In {@code $XDG_STATE_HOME/pgark/heads}, else in {@code ~/.local/state/pgark/heads}, in a folder for each place: a copy of
     * a repository may be behind it.
     */
    static LogMemories of(RepositoryConfiguration repository, Map<String, String> environment, Path home) {
        return LogMemories.in(folder(repository, environment, home));
    }

    /** What is remembered of a place. Its siblings are of other places. */
    static Path folder(RepositoryConfiguration repository, Map<String, String> environment, Path home) {
        return state(environment, home).resolve("heads").resolve(hash(place(repository)));
    }

    private static String place(RepositoryConfiguration repository) {
        String url = repository
                .url()
                .localDirectory()
                .map(SeenLogs::real)
                .orElseGet(() -> repository.url().toString().replaceAll("/+$", ""));
        return url + " " + repository.store().find(StoreOption.ENDPOINT).orElse("");
    }

    /** By whatever links and spellings it is reached. */
    private static String real(Path directory) {
        try {
            return directory.toRealPath().toString();
        } catch (IOException e) {
            return directory.toAbsolutePath().normalize().toString();
        }
    }

    private static String hash(String place) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(place.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing in this Java", e);
        }
    }

    /** {@code $XDG_STATE_HOME/pgark}, else {@code ~/.local/state/pgark}. */
    static Path state(Map<String, String> environment, Path home) {
        Path chosen = Path.of(environment.getOrDefault("XDG_STATE_HOME", ""));
        Path state = chosen.isAbsolute() ? chosen : home.resolve(".local/state");
        return state.resolve("pgark");
    }
}
