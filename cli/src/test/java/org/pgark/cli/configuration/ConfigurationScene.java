package org.pgark.cli.configuration;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A configuration file and variables, and what they are read as. */
abstract class ConfigurationScene {
    @TempDir
    Path folder;

    Path file;
    final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("pgark.toml");
    }

    final Configuration read(String text) throws IOException, ConfigurationException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        return read(Optional.of(file));
    }

    final Configuration read(Optional<Path> named) throws ConfigurationException {
        return Configuration.read(sources(named));
    }

    final ConfigurationSources sources(Optional<Path> named) {
        return new ConfigurationSources(named, variables, folder.resolve("home"), folder.resolve("system.toml"));
    }

    final List<String> problems(String text) {
        ConfigurationException failure = catchThrowableOfType(ConfigurationException.class, () -> read(text));
        return failure.problems().stream()
                .map(problem -> (problem + (problem.hint().isEmpty() ? "" : " | " + problem.hint()))
                        .replace(file.toString(), "FILE"))
                .toList();
    }
}
