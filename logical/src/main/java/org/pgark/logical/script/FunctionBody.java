package org.pgark.logical.script;

import java.util.List;

/** Watches for {@code BEGIN ATOMIC ... END} in a CREATE FUNCTION or PROCEDURE, where semicolons end nothing. */
final class FunctionBody {
    private static final List<String> BEGINNINGS =
            List.of("create function", "create procedure", "create or replace function", "create or replace procedure");
    private static final int LONGEST = 4;

    private final StringBuilder firstWords = new StringBuilder();
    private int words;
    private int depth;

    void reset() {
        firstWords.setLength(0);
        words = 0;
        depth = 0;
    }

    boolean isOpen() {
        return depth > 0;
    }

    /** @param word a word outside quotes and parentheses, in lower case */
    void see(String word) {
        if (words < LONGEST) {
            firstWords.append(words == 0 ? "" : " ").append(word);
        }
        words++;
        if (BEGINNINGS.stream().noneMatch(firstWords.toString()::startsWith)) {
            return;
        }
        switch (word) {
            case "begin" -> depth++;
            case "case" -> depth += depth > 0 ? 1 : 0;
            case "end" -> depth -= depth > 0 ? 1 : 0;
            default -> {}
        }
    }
}
