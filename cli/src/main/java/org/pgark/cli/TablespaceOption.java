package org.pgark.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Where tablespaces go that shall not be where they were. */
final class TablespaceOption {
    @Option(
            names = "--tablespace",
            paramLabel = "OLD=NEW",
            description = "another place for a tablespace; may be repeated")
    private Map<Path, Path> places = new TreeMap<>();

    /** The new place by the old one, both absolute and normalised; anything else is a mistake in how the command was called. */
    Map<Path, Path> places(PgarkCommand pgark) {
        Map<Path, Path> normalised = new TreeMap<>();
        places.forEach((from, to) -> {
            if (!from.isAbsolute() || !to.isAbsolute()) {
                throw pgark.usage(
                        "invalid tablespace mapping \"" + from + "=" + to + "\", must be OLD=NEW with absolute paths");
            }
            normalised.put(from.normalize(), to.normalize());
        });
        return normalised;
    }
}
