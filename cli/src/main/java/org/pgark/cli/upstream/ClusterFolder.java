package org.pgark.cli.upstream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The archive of a whole server: {@code globals.sql}, the script of what belongs to no database; {@code databases/OID}, an archive
 * of pg_dump for each; {@code map.dat}, a line {@code OID NAME} for each, in the order of restoring. Without {@code map.dat} it is
 * not whole.
 */
public record ClusterFolder(Path path) {
    /** Whether a path is such an archive, whole or not. */
    public static boolean isAt(Path path) {
        return Files.isRegularFile(path.resolve("globals.sql"));
    }

    /** The script of what belongs to no database. */
    public Path globals() {
        return path.resolve("globals.sql");
    }

    /** Where the archives of the databases are. */
    public Path databases() {
        return path.resolve("databases");
    }

    /** The list of the databases. */
    public Path map() {
        return path.resolve("map.dat");
    }

    /** The databases' names with their archives, in the order of restoring. */
    public Map<String, Path> contents() throws IOException, ProgramException {
        if (!Files.isRegularFile(map())) {
            throw new ProgramException("\"" + path + "\" is not a whole archive: it has no map.dat");
        }
        Map<String, Path> contents = new LinkedHashMap<>();
        for (String line : Files.readString(map(), StandardCharsets.UTF_8).split("\n", -1)) {
            int space = line.indexOf(' ');
            if (line.isEmpty()) {
                continue;
            }
            if (space < 1 || !line.substring(0, space).matches("[0-9]+")) {
                throw new ProgramException("invalid line in \"" + map() + "\": \"" + line + "\"");
            }
            contents.put(line.substring(space + 1), databases().resolve(line.substring(0, space)));
        }
        return contents;
    }
}
