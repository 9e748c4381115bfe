package org.pgark.physical.restore;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The directories that this restore may write in; no link leads it out of them. Used by one thread. */
final class ChosenRoots {
    private final Set<Path> roots = new HashSet<>();
    private final Set<Path> passed = new HashSet<>();

    /** Those of {@code destination}, and where its pg_wal stands now, before any link of a backup is there. */
    ChosenRoots(Destination destination) {
        roots.add(Archiving.real(destination.dataDirectory()));
        roots.add(Archiving.real(destination.dataDirectory().resolve("pg_wal")));
        destination.tablespaces().values().forEach(place -> roots.add(Archiving.real(place)));
    }

    /**
     * Makes sure that a directory lies in one of them.
     *
     * @throws IOException if it does not
     */
    void check(Path directory) throws IOException {
        if (passed.contains(directory)) {
            return;
        }
        Path real = Archiving.real(directory);
        if (roots.stream().noneMatch(real::startsWith)) {
            throw new IOException("directory \"" + directory + "\" leads to \"" + real
                    + "\", which is outside of what is being restored");
        }
        passed.add(directory);
    }
}
