package org.pgark.physical.restore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Configuration files that were outside the data directory, and are put back into a directory of the user's choice. */
final class ExternalConfiguration {
    private static final String MAIN_FILE = "postgresql.conf";
    private static final String HEADING = "# Places of the restored cluster, written by pgark restore";
    private static final List<String> FILE_SETTINGS = List.of("hba_file", "ident_file");

    private ExternalConfiguration() {}

    /** Where each file goes: under {@code root}, at its path from the deepest directory that all of them are in. */
    static Map<String, Path> places(Collection<String> originals, Path root) {
        Map<String, Path> places = new TreeMap<>();
        if (originals.isEmpty()) {
            return places;
        }
        Path shared = Path.of(originals.iterator().next()).getParent();
        for (String original : originals) {
            while (shared != null && !Path.of(original).startsWith(shared)) {
                shared = shared.getParent();
            }
        }
        for (String original : originals) {
            Path path = Path.of(original);
            places.put(original, root.resolve(shared == null ? path.getFileName() : shared.relativize(path)));
        }
        return places;
    }

    /**
     * Appends to the restored postgresql.conf where the cluster's directory and files are now. If it was inside the data
     * directory itself, only the files that were outside have moved.
     */
    static void adjust(Destination destination) throws IOException {
        if (destination.configuration().isEmpty()) {
            return;
        }
        boolean isOutside = false;
        for (Path place : destination.configuration().values()) {
            if (place.endsWith(MAIN_FILE)) {
                append(
                        place,
                        Map.of("data_directory", destination.dataDirectory().toString()),
                        destination);
                makeIncludedFolders(place);
                isOutside = true;
            }
        }
        Path inside = destination.dataDirectory().resolve(MAIN_FILE);
        if (!isOutside && Files.exists(inside)) {
            append(inside, Map.of(), destination);
        }
    }

    /** The server does not start without a folder that its configuration includes, even if nothing is in it. */
    private static void makeIncludedFolders(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        Matcher line = settingPattern("include_dir").matcher(text);
        while (line.find()) {
            Path folder = Path.of(valueIn(line));
            if (!folder.isAbsolute() && file.getParent() != null) {
                Files.createDirectories(file.getParent().resolve(folder));
            }
        }
    }

    private static void append(Path file, Map<String, String> first, Destination destination) throws IOException {
        // Latin 1 keeps every byte of the file as it is.
        byte[] before = Files.readAllBytes(file);
        String text = new String(before, StandardCharsets.ISO_8859_1);
        byte[] lines = lines(text, first, destination).getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(before, before.length + lines.length);
        System.arraycopy(lines, 0, all, before.length, lines.length);
        AtomicFile.replace(file, all);
    }

    /** The lines to be appended to a file of this text; empty if nothing has moved. */
    static String lines(String text, Map<String, String> first, Destination destination) {
        Map<String, String> settings = new LinkedHashMap<>(first);
        for (String setting : FILE_SETTINGS) {
            Path moved = destination.configuration().get(value(text, setting));
            if (moved != null) {
                settings.put(setting, moved.toString());
            }
        }
        if (settings.isEmpty()) {
            return "";
        }
        StringBuilder lines = new StringBuilder(text.isEmpty() || text.endsWith("\n") ? "" : "\n");
        lines.append(HEADING).append('\n');
        settings.forEach((name, value) -> lines.append(name)
                .append(" = ")
                .append(RecoverySettings.quote(value))
                .append('\n'));
        return lines.toString();
    }

    /** The last value of a setting; empty if there is none. */
    static String value(String text, String setting) {
        Matcher matcher = settingPattern(setting).matcher(text);
        String found = "";
        while (matcher.find()) {
            found = valueIn(matcher);
        }
        return found;
    }

    private static Pattern settingPattern(String setting) {
        return Pattern.compile(
                "^\\s*" + Pattern.quote(setting) + "\\s*(?:=|\\s)\\s*(?:'((?:[^']|'')*)'|([^\\s#']+)).*$",
                Pattern.MULTILINE | Pattern.CASE_INSENSITIVE);
    }

    private static String valueIn(Matcher line) {
        return line.group(1) != null ? line.group(1).replace("''", "'") : line.group(2);
    }
}
