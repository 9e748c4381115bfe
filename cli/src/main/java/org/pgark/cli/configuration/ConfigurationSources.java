package org.pgark.cli.configuration;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a configuration may come from.
 *
 * @param named the file of {@code --config}, if there is one
 * @param variables the environment variables
 * @param home the user's home folder
 * @param systemFile the file of the whole host
 */
public record ConfigurationSources(Optional<Path> named, Map<String, String> variables, Path home, Path systemFile) {
    /** The file of the whole host, usually. */
    public static final Path SYSTEM_FILE = Path.of("/etc/pgark/pgark.toml");

    public ConfigurationSources {
        variables = Map.copyOf(variables);
    }

    /** The surroundings of this process. */
    public static ConfigurationSources current(Optional<Path> named) {
        Map<String, String> variables = System.getenv();
        String home = variables.getOrDefault("HOME", "");
        return new ConfigurationSources(
                named, variables, Path.of(home.isEmpty() ? System.getProperty("user.home") : home), SYSTEM_FILE);
    }

    /** The file that is named by {@code --config} or else by {@code PGARK_CONFIG}, whether or not it exists. */
    public Optional<Path> explicitFile() {
        return named.or(() -> Optional.ofNullable(variables.get("PGARK_CONFIG"))
                .filter(text -> !text.isEmpty())
                .map(Path::of));
    }

    /** The user's own file, whether or not it exists. */
    public Path userFile() {
        return home.resolve(".config/pgark/pgark.toml");
    }

    /** The only file that counts: the explicit one, else the user's, else the system's, else none. */
    public Optional<Path> file() {
        return explicitFile()
                .or(() -> Optional.of(userFile()).filter(Files::exists))
                .or(() -> Optional.of(systemFile).filter(Files::exists));
    }

    /** Shows no variables, since one may hold a password. */
    @Override
    public String toString() {
        return "ConfigurationSources[" + file().map(Path::toString).orElse("no file") + "]";
    }
}
