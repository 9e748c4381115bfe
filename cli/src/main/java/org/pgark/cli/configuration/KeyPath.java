package org.pgark.cli.configuration;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A dotted path as it was written, held against the declared ones.
 *
 * @param parts one at least
 */
record KeyPath(List<String> parts) {
    KeyPath {
        parts = List.copyOf(parts);
    }

    /** The key that has this path. */
    Optional<ConfigurationKey<?>> key() {
        for (ConfigurationKey<?> key : ConfigurationKeys.ALL) {
            if (key.parts().size() == parts.size() && agrees(key, parts.size())) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }

    /** Whether keys lie below this path. */
    boolean isTable() {
        return ConfigurationKeys.ALL.stream()
                .anyMatch(key -> key.parts().size() > parts.size() && agrees(key, parts.size()));
    }

    /** Whether the last part is a name that the user chose. */
    boolean endsWithName() {
        int last = parts.size() - 1;
        return ConfigurationKeys.ALL.stream()
                .anyMatch(key -> key.parts().size() > last
                        && agrees(key, parts.size())
                        && key.parts().get(last).equals(ConfigurationKey.NAME));
    }

    /** The last part, if it should be a name and is none. */
    Optional<String> wrongName() {
        return endsWithName() && !parts.getLast().matches(ValueType.NAME_FORM)
                ? Optional.of(parts.getLast())
                : Optional.empty();
    }

    /** A question that names the likeliest key instead of this one. */
    String suggestion() {
        String above = String.join(".", parts.subList(0, parts.size() - 1));
        int last = parts.size() - 1;
        List<String> siblings = ConfigurationKeys.ALL.stream()
                .filter(key -> key.parts().size() > last && agrees(key, last))
                .map(key -> key.parts().get(last))
                .filter(part -> !part.equals(ConfigurationKey.NAME))
                .distinct()
                .map(part -> above.isEmpty() ? part : above + "." + part)
                .toList();
        return Suggestion.forWord(toString(), siblings);
    }

    private boolean agrees(ConfigurationKey<?> key, int length) {
        return IntStream.range(0, length)
                .allMatch(index -> key.parts().get(index).equals(ConfigurationKey.NAME)
                        || key.parts().get(index).equals(parts.get(index)));
    }

    @Override
    public String toString() {
        return String.join(".", parts);
    }
}
