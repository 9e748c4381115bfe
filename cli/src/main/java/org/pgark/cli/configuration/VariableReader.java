package org.pgark.cli.configuration;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the environment variables that stand for keys. Other variables that begin with PGARK_ are not its business. */
final class VariableReader {
    private static final Pattern OURS = Pattern.compile("PGARK_(CLUSTER|REPOSITORY|BACKUP|ARCHIVE)_.*");

    private final ConfigurationValues values;
    private final List<Problem> problems;

    VariableReader(ConfigurationValues values, List<Problem> problems) {
        this.values = values;
        this.problems = problems;
    }

    void read(Map<String, String> variables) {
        new TreeMap<>(variables).forEach((name, text) -> {
            if (OURS.matcher(name).matches()) {
                read(name, text);
            }
        });
    }

    private void read(String variable, String text) {
        Location location = Location.ofVariable(variable);
        Optional<ConfigurationKey<?>> key = key(variable);
        if (key.isPresent()) {
            Matcher matcher = matcher(key.get(), variable);
            String path = key.get().pattern();
            if (matcher.matches() && matcher.groupCount() == 1) {
                path = key.get().path(matcher.group(1).toLowerCase(Locale.ROOT));
                values.putTable(String.join(".", List.of(path.split("\\.")).subList(0, 2)), location);
            }
            ValueCheck.put(key.get(), path, text, location, values).ifPresent(problems::add);
            return;
        }
        List<String> known = ConfigurationKeys.ALL.stream()
                .map(ConfigurationKey::variable)
                .filter(name -> !name.contains("_NAME_"))
                .toList();
        problems.add(new Problem(location, "no key has this variable", Suggestion.forWord(variable, known)));
    }

    /** Of several keys the one whose own words are the most: {@code ..._MAIN_ACCOUNT_KEY_FILE} is no name {@code main_account}. */
    private static Optional<ConfigurationKey<?>> key(String variable) {
        Optional<ConfigurationKey<?>> found = Optional.empty();
        for (ConfigurationKey<?> key : ConfigurationKeys.ALL) {
            if (matcher(key, variable).matches()
                    && found.filter(other ->
                                    other.variable().length() >= key.variable().length())
                            .isEmpty()) {
                found = Optional.of(key);
            }
        }
        return found;
    }

    private static Matcher matcher(ConfigurationKey<?> key, String variable) {
        return Pattern.compile(key.variable().replace("_NAME_", "_([A-Z][A-Z0-9_]*)_"))
                .matcher(variable);
    }
}
