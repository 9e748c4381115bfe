package org.pgark.cli.configuration;

import java.nio.file.Path;
import java.util.Comparator;

/**
 * Where a value was said.
 *
 * @param place the file, or the environment variable in words
 * @param line from 1; 0 where there are no lines
 * @param column from 1; 0 where there are no columns
 */
public record Location(String place, int line, int column) implements Comparable<Location> {
    private static final Comparator<Location> ORDER = Comparator.comparing(Location::place)
            .thenComparingInt(Location::line)
            .thenComparingInt(Location::column);

    static Location of(Path file) {
        return new Location(file.toString(), 0, 0);
    }

    static Location ofVariable(String name) {
        return new Location("environment variable " + name, 0, 0);
    }

    @Override
    public int compareTo(Location other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return line == 0 ? place : place + ":" + line + ":" + column;
    }
}
