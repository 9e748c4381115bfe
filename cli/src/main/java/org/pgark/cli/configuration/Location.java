package org.pgark.cli.configuration;

import java.nio.file.Path;

/**
 * Where a value was said.
 *
 * @param place the file, or the environment variable in words
 * @param line from 1; 0 where there are no lines
 * @param column from 1; 0 where there are no columns
 */
public record Location(String place, int line, int column) implements Comparable<Location> {
    static Location of(Path file) {
        return new Location(file.toString(), 0, 0);
    }

    static Location ofVariable(String name) {
        return new Location("environment variable " + name, 0, 0);
    }

    @Override
    public int compareTo(Location other) {
        int byPlace = place.compareTo(other.place);
        int byLine = Integer.compare(line, other.line);
        return byPlace != 0 ? byPlace : byLine != 0 ? byLine : Integer.compare(column, other.column);
    }

    @Override
    public String toString() {
        return line == 0 ? place : place + ":" + line + ":" + column;
    }
}
