package org.pgark.physical.backup;

import java.util.Optional;
import org.pgark.postgres.Lsn;

/**
 * A page whose checksum was wrong each time that it was read.
 *
 * @param path the file, relative to the data directory
 * @param block the page's number in its relation, counted over all files of the relation
 * @param lsn the position that the page claims to have been changed at last
 * @param relation the relation's name as {@code database.schema.name}, where it is known
 */
public record DamagedPage(String path, long block, Lsn lsn, Optional<String> relation) {
    @Override
    public String toString() {
        return "block " + block + " of "
                + relation.map(name -> name + " (" + path + ")").orElse(path) + ", LSN " + lsn;
    }
}
