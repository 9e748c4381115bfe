package org.pgark.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Rows of words, printed in columns that are as wide as their widest word. */
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();
    private final List<Boolean> rightAligned;

    /** A table with these headings; a heading that begins with {@code >} has its column set to the right. */
    public Table(String... headings) {
        rightAligned = java.util.Arrays.stream(headings)
                .map(heading -> heading.startsWith(">"))
                .toList();
        rows.add(java.util.Arrays.stream(headings)
                .map(heading -> heading.startsWith(">") ? heading.substring(1) : heading)
                .toList());
    }

    /** Adds a row, one word for each heading. */
    public void row(String... words) {
        if (words.length != rightAligned.size()) {
            throw new IllegalArgumentException(words.length + " words for " + rightAligned.size() + " columns");
        }
        rows.add(List.of(words));
    }

    /** The lines to print, each indented by two blanks. */
    public List<String> lines() {
        int[] widths = new int[rightAligned.size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String word = row.get(column);
            String blanks = " ".repeat(widths[column] - word.length());
            line.append("  ").append(rightAligned.get(column) ? blanks + word : word + blanks);
        }
        return line.toString().stripTrailing();
    }
}
