package org.pgark.physical.backup;

import java.util.List;
import org.pgark.postgres.datadir.Fork;

/** Finds the files of relations in the list of what is copied. */
final class RelationFiles {
    private final SourceTree tree;

    RelationFiles(SourceTree tree) {
        this.tree = tree;
    }

    /**
     * Adds the paths of all files of one relation: every fork, every segment.
     *
     * @param main the path of its first file, as pg_relation_filepath() gives it
     */
    void collect(String main, List<String> paths) {
        int slash = main.lastIndexOf('/');
        if (slash < 0) {
            return;
        }
        String folder = main.substring(0, slash);
        for (Fork fork : Fork.values()) {
            String name = main.substring(slash + 1) + fork.suffix();
            String next = name;
            for (int segment = 1; tree.contains(folder, next); segment++) {
                paths.add(folder + "/" + next);
                next = name + "." + segment;
            }
        }
    }
}
