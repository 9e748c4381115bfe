package org.pgark.logical.script;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.pgark.logical.archive.ArchiveException;

/** Cuts a script as psql does (psqlscan.l): quotes, dollar quotes, comments, parentheses and SQL function bodies. */
final class ScriptLexer {
    private static final int END = -1;

    private final ScriptInput in;
    private final BooleanSupplier standardStrings;
    private final StringBuilder statement = new StringBuilder();
    private final FunctionBody body = new FunctionBody();
    private int parentheses;

    /** @param standardStrings whether a backslash in a literal is only that, at the moment */
    ScriptLexer(ScriptInput in, BooleanSupplier standardStrings) {
        this.in = in;
        this.standardStrings = standardStrings;
    }

    /** The next piece; nothing at the end. */
    Optional<ScriptPart> next() throws IOException {
        statement.setLength(0);
        body.reset();
        parentheses = 0;
        while (true) {
            int letter = in.read();
            switch (letter) {
                case END -> {
                    return statement.isEmpty() ? Optional.empty() : Optional.of(statementPart());
                }
                case '\\' -> {
                    return Optional.of(command());
                }
                case ';' -> {
                    statement.append(';');
                    if (parentheses == 0 && !body.isOpen()) {
                        return Optional.of(statementPart());
                    }
                }
                case '\'' -> quoted('\'', !standardStrings.getAsBoolean());
                case '"' -> quoted('"', false);
                case '-' -> dash();
                case '/' -> slash();
                case '$' -> dollar();
                case '(' -> {
                    parentheses++;
                    statement.append('(');
                }
                case ')' -> {
                    parentheses = Math.max(0, parentheses - 1);
                    statement.append(')');
                }
                default -> other(letter);
            }
        }
    }

    private ScriptPart statementPart() {
        return new ScriptPart.Statement(statement.toString());
    }

    private ScriptPart command() throws IOException {
        if (!statement.isEmpty()) {
            throw new ArchiveException("line " + in.line() + " of the script has a backslash inside a statement");
        }
        String line = in.restOfLine();
        int end = 0;
        while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
            end++;
        }
        return new ScriptPart.Command(
                line.substring(0, end), line.substring(end).strip());
    }

    private void other(int letter) throws IOException {
        if (isNameStart(letter)) {
            word(letter);
        } else if (!statement.isEmpty() || !Character.isWhitespace(letter)) {
            statement.append((char) letter);
        }
    }

    private static boolean isNameStart(int letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_' || letter >= 0x80;
    }

    private static boolean isNamePart(int letter) {
        return isNameStart(letter) || (letter >= '0' && letter <= '9') || letter == '$';
    }

    private void word(int first) throws IOException {
        int start = statement.length();
        statement.append((char) first);
        while (isNamePart(in.peek())) {
            statement.append((char) in.read());
        }
        String word = statement.substring(start);
        if (word.equalsIgnoreCase("e") && in.peek() == '\'') {
            in.read();
            quoted('\'', true);
        } else if (parentheses == 0) {
            body.see(word.toLowerCase(Locale.ROOT));
        }
    }

    /** A doubled quote ends one part and begins the next, which comes to the same. */
    private void quoted(char quote, boolean backslashes) throws IOException {
        statement.append(quote);
        while (true) {
            int letter = in.read();
            if (letter == END) {
                throw new ArchiveException("the script ends inside a quoted text");
            }
            statement.append((char) letter);
            if (letter == quote) {
                return;
            }
            if (letter == '\\' && backslashes && in.peek() != END) {
                statement.append((char) in.read());
            }
        }
    }

    private void dash() throws IOException {
        if (in.peek() != '-') {
            statement.append('-');
            return;
        }
        in.restOfLine();
        if (!statement.isEmpty()) {
            statement.append('\n');
        }
    }

    private void slash() throws IOException {
        if (in.peek() != '*') {
            statement.append('/');
            return;
        }
        in.read();
        int depth = 1;
        int before = 0;
        while (depth > 0) {
            int letter = in.read();
            if (letter == END) {
                throw new ArchiveException("the script ends inside a comment");
            }
            if (before == '/' && letter == '*') {
                depth++;
                letter = 0;
            } else if (before == '*' && letter == '/') {
                depth--;
                letter = 0;
            }
            before = letter;
        }
        if (!statement.isEmpty()) {
            statement.append(' ');
        }
    }

    private void dollar() throws IOException {
        int start = statement.length();
        statement.append('$');
        while (isNameStart(in.peek()) || (statement.length() > start + 1 && isDigit(in.peek()))) {
            statement.append((char) in.read());
        }
        if (in.peek() != '$') {
            return;
        }
        statement.append((char) in.read());
        String tag = statement.substring(start);
        while (true) {
            int letter = in.read();
            if (letter == END) {
                throw new ArchiveException("the script ends inside a text quoted by " + tag);
            }
            statement.append((char) letter);
            int from = statement.length() - tag.length();
            if (letter == '$'
                    && from >= start + tag.length()
                    && statement.substring(from).equals(tag)) {
                return;
            }
        }
    }

    private static boolean isDigit(int letter) {
        return letter >= '0' && letter <= '9';
    }
}
