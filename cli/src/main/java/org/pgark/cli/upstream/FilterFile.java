package org.pgark.cli.upstream;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the file of {@code --filter}: lines {@code include|exclude TYPE PATTERN}, with comments behind {@code #}; names in double
 * quotes may go over several lines (filter.c).
 */
public final class FilterFile implements AutoCloseable {
    /**
     * One line.
     *
     * @param include whether it includes; else it excludes
     * @param type the type of object as the file has it, {@code table_data} for example
     */
    public record Item(boolean include, String type, String pattern) {
        /** The type in messages. */
        public String typeWords() {
            return type.replace('_', ' ');
        }
    }

    private static final Set<String> TYPES = Set.of(
            "table_data",
            "table_data_and_children",
            "database",
            "extension",
            "foreign_data",
            "function",
            "index",
            "schema",
            "table",
            "table_and_children",
            "trigger");

    private final String name;
    private final BufferedReader lines;
    private int lineNumber;

    private FilterFile(String name, BufferedReader lines) {
        this.name = name;
        this.lines = lines;
    }

    /** Opens a file; {@code -} is standard input. */
    public static FilterFile open(String name, InputStream standardInput) throws ProgramException {
        if (name.equals("-")) {
            return new FilterFile(
                    name, new BufferedReader(new InputStreamReader(standardInput, StandardCharsets.UTF_8)));
        }
        try {
            return new FilterFile(name, Files.newBufferedReader(Path.of(name)));
        } catch (IOException e) {
            throw new ProgramException("could not open filter file \"" + name + "\": " + OperatingSystemMessage.of(e));
        }
    }

    /** The next line that is not empty and no comment. */
    public Optional<Item> next() throws ProgramException {
        for (Optional<String> line = line(); line.isPresent(); line = line()) {
            String text = line.get().strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                return Optional.of(item(line.get()));
            }
        }
        return Optional.empty();
    }

    /** A complaint about the last line. */
    public ProgramException complaint(String what) {
        String place = name.equals("-") ? "standard input" : "file \"" + name + "\"";
        return new ProgramException(
                "invalid format in filter read from " + place + " on line " + lineNumber + ": " + what);
    }

    /** The usual complaint about a line that this program has no use for. */
    public ProgramException notAllowed(Item item) {
        return complaint(
                (item.include() ? "include" : "exclude") + " filter for \"" + item.typeWords() + "\" is not allowed");
    }

    private Optional<String> line() throws ProgramException {
        try {
            Optional<String> line = Optional.ofNullable(lines.readLine());
            if (line.isPresent()) {
                lineNumber++;
            }
            return line;
        } catch (IOException e) {
            throw new ProgramException(
                    "could not read from filter file \"" + name + "\": " + OperatingSystemMessage.of(e));
        }
    }

    private Item item(String line) throws ProgramException {
        Words words = new Words(line);
        String command = words.keyword();
        if (!command.equals("include") && !command.equals("exclude")) {
            throw complaint("invalid filter command (expected \"include\" or \"exclude\")");
        }
        String type = words.keyword();
        if (type.isEmpty()) {
            throw complaint("missing filter object type");
        }
        if (!TYPES.contains(type)) {
            throw complaint("unsupported filter object type: \"" + type + "\"");
        }
        return new Item(command.equals("include"), type, words.pattern());
    }

    @Override
    public void close() throws IOException {
        if (!name.equals("-")) {
            lines.close();
        }
    }

    /** Takes a line apart, and reads on where a quoted name does. */
    private final class Words {
        private String text;
        private int at;

        Words(String text) {
            this.text = text;
        }

        private boolean more() {
            return at < text.length();
        }

        private boolean skipSpace() {
            int from = at;
            while (more() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return at > from;
        }

        String keyword() {
            skipSpace();
            int from = at;
            while (more() && !Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return text.substring(from, at);
        }

        /** White space inside a pattern is kept as one space, and none beside dots, commas and parentheses. */
        String pattern() throws ProgramException {
            skipSpace();
            if (!more()) {
                throw complaint("missing object name pattern");
            }
            StringBuilder pattern = new StringBuilder();
            boolean skipSpace = true;
            boolean foundSpace = false;
            while (more() && text.charAt(at) != '#') {
                while (more() && !Character.isWhitespace(text.charAt(at)) && "#,.()\"".indexOf(text.charAt(at)) < 0) {
                    if (!skipSpace && foundSpace) {
                        pattern.append(' ');
                        skipSpace = true;
                    }
                    pattern.append(text.charAt(at++));
                }
                skipSpace = false;
                if (more() && text.charAt(at) == '"') {
                    pattern.append(foundSpace ? " " : "");
                    quoted(pattern);
                } else if (more() && text.charAt(at) == ',') {
                    pattern.append(", ");
                    skipSpace = true;
                    at++;
                } else if (more() && ".()".indexOf(text.charAt(at)) >= 0) {
                    pattern.append(text.charAt(at++));
                    skipSpace = true;
                }
                foundSpace = skipSpace();
            }
            return pattern.toString();
        }

        private void quoted(StringBuilder pattern) throws ProgramException {
            pattern.append('"');
            at++;
            while (true) {
                if (!more()) {
                    text = line().orElseThrow(() -> complaint("unexpected end of file"));
                    at = 0;
                    pattern.append('\n');
                    continue;
                }
                char c = text.charAt(at++);
                if (c == '"') {
                    pattern.append('"');
                    if (!more() || text.charAt(at) != '"') {
                        return;
                    }
                    pattern.append('"');
                    at++;
                } else if (c == '\\') {
                    if (more()) {
                        char escaped = text.charAt(at++);
                        pattern.append(escaped == 'n' ? "\n" : escaped == '\\' ? "\\" : "");
                    }
                } else {
                    pattern.append(c);
                }
            }
        }
    }
}
