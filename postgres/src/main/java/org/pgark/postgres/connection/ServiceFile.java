package org.pgark.postgres.connection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds a named service: {@code [name]} and the lines {@code keyword=value} below it, in the user's file
 * {@code .pg_service.conf} or, if the service is not there, in the system's {@code pg_service.conf}.
 */
final class ServiceFile {
    private ServiceFile() {}

    static Map<ConnectionOption, String> find(
            String service, Optional<String> namedFile, ConnectionEnvironment environment)
            throws InvalidConnectionSettingsException {
        Path userFile = namedFile.map(Path::of).orElse(environment.home().resolve(".pg_service.conf"));
        if (namedFile.isPresent() && !Files.exists(userFile)) {
            throw new InvalidConnectionSettingsException("service file \"" + userFile + "\" not found");
        }
        Optional<Map<ConnectionOption, String>> found = read(userFile, service);
        for (Path folder : systemFolders(environment)) {
            if (found.isEmpty()) {
                found = read(folder.resolve("pg_service.conf"), service);
            }
        }
        return found.orElseThrow(() -> new InvalidConnectionSettingsException(
                "definition of service \"" + service + "\" not found",
                "Services are defined in \"" + userFile + "\" and in the system's pg_service.conf."));
    }

    private static List<Path> systemFolders(ConnectionEnvironment environment) {
        return environment
                .variable("PGSYSCONFDIR")
                .map(folder -> List.of(Path.of(folder)))
                .orElse(environment.systemFolders());
    }

    private static Optional<Map<ConnectionOption, String>> read(Path file, String service)
            throws InvalidConnectionSettingsException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), service, file);
        } catch (InvalidConnectionSettingsException e) {
            throw e;
        } catch (IOException e) {
            throw new InvalidConnectionSettingsException("cannot read service file \"" + file + "\": " + reason(e));
        }
    }

    private static Optional<Map<ConnectionOption, String>> parse(String text, String service, Path file)
            throws InvalidConnectionSettingsException {
        boolean found = false;
        Map<ConnectionOption, String> options = new EnumMap<>(ConnectionOption.class);
        String[] lines = text.split("\n", -1);
        for (int index = 0; index < lines.length; index++) {
            String line = lines[index].strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("[")) {
                if (found) {
                    return Optional.of(options);
                }
                found = line.startsWith("[" + service + "]");
            } else if (found) {
                String place = "in service file \"" + file + "\", line " + (index + 1);
                readOption(line, place, options);
            }
        }
        return found ? Optional.of(options) : Optional.empty();
    }

    private static void readOption(String line, String place, Map<ConnectionOption, String> options)
            throws InvalidConnectionSettingsException {
        if (line.startsWith("ldap")) {
            throw new InvalidConnectionSettingsException("LDAP lookup is not supported " + place);
        }
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw new InvalidConnectionSettingsException("syntax error " + place + ", must be \"keyword=value\"");
        }
        String keyword = line.substring(0, equals);
        ConnectionOption option = ConnectionOption.find(keyword)
                .orElseThrow(() -> new InvalidConnectionSettingsException(
                        "invalid connection option \"" + keyword + "\" " + place));
        if (option == ConnectionOption.SERVICE || option == ConnectionOption.SERVICEFILE) {
            throw new InvalidConnectionSettingsException(
                    "nested \"" + keyword + "\" specifications not supported " + place);
        }
        options.putIfAbsent(option, line.substring(equals + 1));
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }
}
