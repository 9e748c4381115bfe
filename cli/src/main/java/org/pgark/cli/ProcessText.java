package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pgark.postgres.connection.ByteText;

/**
 * The words and variables that this process was started with, in all their bytes: where Java finds no UTF-8 it puts U+FFFD, but
 * names of databases and roles may be in any encoding. Where the system has no /proc, they stay as Java has them.
 */
final class ProcessText {
    private static final char REPLACEMENT = '\uFFFD';

    private final Path process;

    ProcessText(Path process) {
        this.process = process;
    }

    static ProcessText ofThisProcess() {
        return new ProcessText(Path.of("/proc/self"));
    }

    /** The words; the process has more of them in front, which are for the Java machine. */
    List<String> words(String[] arguments) {
        List<String> known = List.of(arguments);
        if (known.stream().noneMatch(ProcessText::isDoubtful)) {
            return known;
        }
        List<String> all = texts("cmdline");
        return all.size() < known.size() ? known : all.subList(all.size() - known.size(), all.size());
    }

    Map<String, String> variables(Map<String, String> known) {
        if (known.values().stream().noneMatch(ProcessText::isDoubtful)) {
            return known;
        }
        Map<String, String> variables = new HashMap<>(known);
        for (String text : texts("environ")) {
            int equals = text.indexOf('=');
            if (equals > 0) {
                variables.replace(text.substring(0, equals), text.substring(equals + 1));
            }
        }
        return variables;
    }

    private static boolean isDoubtful(String text) {
        return text.indexOf(REPLACEMENT) >= 0;
    }

    /** What the file has, each text ended by a zero byte. */
    private List<String> texts(String file) {
        List<String> texts = new ArrayList<>();
        try {
            byte[] bytes = Files.readAllBytes(process.resolve(file));
            int start = 0;
            for (int at = 0; at < bytes.length; at++) {
                if (bytes[at] == 0) {
                    texts.add(ByteText.decode(java.util.Arrays.copyOfRange(bytes, start, at)));
                    start = at + 1;
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        return texts;
    }
}
