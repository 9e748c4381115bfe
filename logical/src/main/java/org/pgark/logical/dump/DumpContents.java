package org.pgark.logical.dump;

import java.util.List;
import java.util.Optional;
import org.pgark.logical.archive.DumpItem;

/**
 * What a dump holds, in the order of writing.
 *
 * @param items entries with where their data comes from
 * @param snapshot the snapshot that other connections take over to read data at the same time
 * @param statements how many statements the catalogues took
 */
public record DumpContents(List<DumpItem> items, Optional<String> snapshot, int statements) {
    public DumpContents {
        items = List.copyOf(items);
    }
}
