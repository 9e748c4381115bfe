package org.pgark.cli.configuration;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import org.tomlj.TomlVersion;

/** Reads a configuration file: every key must be declared and every value must be what its key wants. */
final class FileReader {
    private final Path file;
    private final ConfigurationValues values;
    private final List<Problem> problems;

    FileReader(Path file, ConfigurationValues values, List<Problem> problems) {
        this.file = file;
        this.values = values;
        this.problems = problems;
    }

    void read() {
        try {
            read(Files.readString(file));
        } catch (NoSuchFileException e) {
            problems.add(Problem.of("configuration file \"" + file + "\" does not exist", ""));
        } catch (AccessDeniedException e) {
            problems.add(Problem.of(
                    "cannot read configuration file \"" + file + "\": permission denied",
                    "Give this user's group the right to read it, or run pgark as another user."));
        } catch (CharacterCodingException e) {
            problems.add(Problem.of("configuration file \"" + file + "\" is not in UTF-8", ""));
        } catch (IOException e) {
            problems.add(Problem.of("cannot read configuration file \"" + file + "\": " + e.getMessage(), ""));
        }
    }

    void read(String text) {
        TomlParseResult result = Toml.parse(text, TomlVersion.V1_0_0);
        if (result.hasErrors()) {
            result.errors()
                    .forEach(error -> problems.add(new Problem(
                            location(error.position()), lowerCaseStart(String.valueOf(error.getMessage())), "")));
            return;
        }
        readTable(result, List.of());
    }

    private void readTable(TomlTable table, List<String> path) {
        for (String part : table.keySet()) {
            Location location = location(table.inputPositionOf(List.of(part)));
            List<String> below = new ArrayList<>(path);
            below.add(part);
            KeyPath keyPath = new KeyPath(below);
            Object value = table.get(List.of(part));
            Optional<ConfigurationKey<?>> key = keyPath.key();
            if (key.isPresent() && key.get().type().isList() && value instanceof TomlArray several) {
                readList(key.get(), keyPath, several, location);
            } else if (key.isPresent() && isLiteral(value)) {
                readValue(key.get(), keyPath, value, location);
            } else if (keyPath.isTable() && value instanceof TomlTable child) {
                readChild(child, keyPath, location);
            } else if (key.isPresent()) {
                String form = key.get().type().form();
                problems.add(new Problem(location, "\"" + keyPath + "\" must be " + form, ""));
            } else if (keyPath.isTable()) {
                problems.add(new Problem(location, "\"" + keyPath + "\" must be a table", ""));
            } else {
                problems.add(new Problem(location, "unknown key \"" + keyPath + "\"", keyPath.suggestion()));
            }
        }
    }

    private void readChild(TomlTable child, KeyPath path, Location location) {
        Optional<String> wrongName = path.wrongName();
        if (wrongName.isPresent()) {
            problems.add(new Problem(
                    location,
                    "invalid name \"" + wrongName.get() + "\", must be of a-z, 0-9 and _ and begin with a letter",
                    ""));
            return;
        }
        if (path.endsWithName()) {
            values.putTable(path.toString(), location);
        }
        readTable(child, path.parts());
    }

    private void readValue(ConfigurationKey<?> key, KeyPath path, Object value, Location location) {
        boolean number = value instanceof Long;
        boolean flag = value instanceof Boolean && key.type().isFlag();
        if (key.type().number() != number || !(number || flag || value instanceof String)) {
            String written = value instanceof String ? "a string" : number ? "a number" : "what is written here";
            problems.add(new Problem(
                    location, "\"" + path + "\" must be " + key.type().form() + ", not " + written, ""));
            return;
        }
        ValueCheck.put(key, path.toString(), value.toString(), location, values).ifPresent(problems::add);
    }

    private void readList(ConfigurationKey<?> key, KeyPath path, TomlArray several, Location location) {
        List<String> texts = new ArrayList<>();
        for (Object one : several.toList()) {
            texts.add(one instanceof String text && !text.contains(",") ? text : "");
        }
        ValueCheck.put(key, path.toString(), String.join(",", texts), location, values)
                .ifPresent(problems::add);
    }

    private static boolean isLiteral(Object value) {
        return !(value instanceof TomlTable) && !(value instanceof TomlArray);
    }

    private Location location(@org.jspecify.annotations.Nullable TomlPosition position) {
        return position == null ? Location.of(file) : new Location(file.toString(), position.line(), position.column());
    }

    private static String lowerCaseStart(String text) {
        String line = text.strip();
        return line.isEmpty() ? "syntax error" : line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1);
    }
}
