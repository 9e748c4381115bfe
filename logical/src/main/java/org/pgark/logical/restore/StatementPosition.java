package org.pgark.logical.restore;

import org.pgark.postgres.wire.ServerErrorException;

/** A server's error as libpq shows it, with the line that it points at (fe-protocol3.c, reportErrorPosition). */
public final class StatementPosition {
    private static final int WIDTH = 60;
    private static final int MARGIN = 10;

    private StatementPosition() {}

    /** The lines of an error, each ended. */
    public static String withLine(ServerErrorException error, String statement) {
        String[] lines = error.server().text().split("\n", -1);
        StringBuilder text = new StringBuilder();
        int messageLines = error.server().message().split("\n", -1).length;
        for (int index = 0; index < lines.length; index++) {
            text.append(lines[index]).append('\n');
            if (index == messageLines - 1) {
                text.append(
                        error.server().position().isEmpty()
                                ? line(
                                        error.server().internalPosition(),
                                        error.server().internalQuery())
                                : line(error.server().position(), statement));
            }
        }
        return text.toString();
    }

    private static String line(String position, String statement) {
        if (!position.matches("[0-9]{1,9}")) {
            return "";
        }
        int[] letters = statement.codePoints().toArray();
        int at = Integer.parseInt(position) - 1;
        if (at < 0 || at > letters.length) {
            return "";
        }
        int number = 1;
        int start = 0;
        for (int index = 0; index < at; index++) {
            if (letters[index] == '\n') {
                number++;
                start = index + 1;
            }
        }
        int end = at;
        while (end < letters.length && letters[end] != '\n' && letters[end] != '\r') {
            end++;
        }
        return show(letters, start, end, at, "LINE " + number + ": ");
    }

    private static String show(int[] letters, int lineStart, int lineEnd, int at, String label) {
        int start = lineStart;
        int end = lineEnd;
        boolean cutLeft = false;
        boolean cutRight = false;
        if (end - start > WIDTH) {
            if (at - start + MARGIN <= WIDTH) {
                cutRight = true;
                end = start + WIDTH;
            } else {
                if (at + MARGIN < end) {
                    end = at + MARGIN;
                    cutRight = true;
                }
                if (end - start > WIDTH) {
                    start = end - WIDTH;
                    cutLeft = true;
                }
            }
        }
        StringBuilder text = new StringBuilder(label);
        if (cutLeft) {
            text.append("...");
        }
        for (int index = start; index < end; index++) {
            text.appendCodePoint(letters[index] == '\t' ? ' ' : letters[index]);
        }
        if (cutRight) {
            text.append("...");
        }
        text.append('\n');
        text.repeat(" ", label.length() + (cutLeft ? 3 : 0) + at - start).append("^\n");
        return text.toString();
    }
}
