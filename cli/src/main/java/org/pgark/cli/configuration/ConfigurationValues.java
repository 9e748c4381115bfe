package org.pgark.cli.configuration;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What was said, key by key, with the place of each; a variable's value takes the place of a file's. */
final class ConfigurationValues {
    private final Map<String, Entry> entries = new HashMap<>();
    private final TreeMap<String, Location> tables = new TreeMap<>();

    private record Entry(Object value, Location location) {}

    /** Notes a value that its type has taken. */
    void put(String path, Object value, Location location) {
        entries.put(path, new Entry(value, location));
    }

    /** Notes that there is, for example, a {@code cluster.main}. */
    void putTable(String path, Location location) {
        tables.putIfAbsent(path, location);
    }

    <T> Optional<T> find(ConfigurationKey<T> key, String name) {
        @SuppressWarnings("unchecked") // only a value that the key's own type made is put under the key's path
        Optional<T> value = Optional.ofNullable(entries.get(key.path(name))).map(entry -> (T) entry.value());
        return value;
    }

    <T> T get(ConfigurationKey<T> key, String name) {
        return find(key, name).orElseGet(key::fixedDefault);
    }

    /** Where a value was said; if it was not, where its table begins. */
    Location location(ConfigurationKey<?> key, String name) {
        String path = key.path(name);
        Entry entry = entries.get(path);
        return entry == null
                ? tables.getOrDefault(path.substring(0, path.lastIndexOf('.')), new Location("", 0, 0))
                : entry.location();
    }

    /** The names of all tables below one, for example of all clusters. */
    SortedSet<String> names(String group) {
        SortedSet<String> names = new TreeSet<>();
        for (String table : tables.keySet()) {
            if (table.startsWith(group + ".")) {
                names.add(table.substring(group.length() + 1));
            }
        }
        return names;
    }
}
