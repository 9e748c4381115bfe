package org.pgark.cli.configuration;

import java.util.List;
import java.util.Locale;
import java.util.Map;
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
        for (ConfigurationKey<?> key : ConfigurationKeys.ALL) {
            Matcher matcher = Pattern.compile(key.variable().replace("_NAME_", "_([A-Z][A-Z0-9_]*)_"))
                    .matcher(variable);
            if (matcher.matches()) {
                String path = key.pattern();
                if (matcher.groupCount() == 1) {
                    path = key.path(matcher.group(1).toLowerCase(Locale.ROOT));
                    values.putTable(String.join(".", List.of(path.split("\\.")).subList(0, 2)), location);
                }
                ValueCheck.put(key, path, text, location, values).ifPresent(problems::add);
                return;
            }
        }
        List<String> known = ConfigurationKeys.ALL.stream()
                .map(ConfigurationKey::variable)
                .filter(name -> !name.contains("_NAME_"))
                .toList();
        problems.add(new Problem(location, "no key has this variable", Suggestion.forWord(variable, known)));
    }
}
