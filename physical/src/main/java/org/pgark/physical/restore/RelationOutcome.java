package org.pgark.physical.restore;

import java.util.List;

/**
 * What a restore of single relations did.
 *
 * @param backup the backup's id
 * @param files the files that were written
 * @param readBytes how much was read from the repository for them
 * @param storedBytes how much the repository stores for the whole backup
 */
public record RelationOutcome(String backup, List<RestoredFile> files, long readBytes, long storedBytes) {
    /**
     * One file.
     *
     * @param relation the relation that was asked for
     * @param path relative to the destination, as it was relative to the data directory
     * @param size in bytes
     */
    public record RestoredFile(QualifiedName relation, String path, long size) {}

    public RelationOutcome {
        files = List.copyOf(files);
    }
}
