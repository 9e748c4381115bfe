package org.pgark.repository.pack;

import org.pgark.repository.frame.ObjectId;

/**
 * A pack that a backup needs.
 *
 * @param id which pack
 * @param size its size in bytes, as stored
 */
public record PackSummary(ObjectId id, long size) {
    public PackSummary {
        if (size < 1) {
            throw new IllegalArgumentException("invalid size " + size + " of pack " + id);
        }
    }
}
