package org.pgark.cli.configuration;

import java.util.Collection;
import java.util.Comparator;

/** Guesses which word was meant. */
final class Suggestion {
    private Suggestion() {}

    /** A question that names the likeliest of the words, or nothing if none is near. */
    static String forWord(String word, Collection<String> words) {
        return words.stream()
                .filter(candidate ->
                        distance(word, candidate) <= lastPart(candidate).length() / 2)
                .min(Comparator.comparingInt((String candidate) -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .map(candidate -> "Did you mean \"" + candidate + "\"?")
                .orElse("");
    }

    private static String lastPart(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** How many letters must be inserted, removed or replaced to make one word of the other. */
    static int distance(String one, String other) {
        int[] previous = new int[other.length() + 1];
        for (int column = 0; column <= other.length(); column++) {
            previous[column] = column;
        }
        for (int row = 1; row <= one.length(); row++) {
            int[] current = new int[other.length() + 1];
            current[0] = row;
            for (int column = 1; column <= other.length(); column++) {
                int replaced = previous[column - 1] + (one.charAt(row - 1) == other.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, Math.min(previous[column], current[column - 1]) + 1);
            }
            previous = current;
        }
        return previous[other.length()];
    }
}
