package org.pgark.physical.backup;

import java.nio.ByteBuffer;
import org.pgark.repository.content.ContentHasher;
import org.pgark.repository.content.FrameContents;

/**
 * What a run of pages is known by.
 *
 * @param high the first eight bytes of the keyed hash of its content
 * @param low the last eight bytes
 * @param length of the run in bytes
 */
record RunHash(long high, long low, int length) {
    /** The hash of the units' hashes; with the length, one for each content. */
    static RunHash of(FrameContents.Part run, ContentHasher hasher) {
        byte[] units = run.hashes();
        byte[] hash = new byte[ContentHasher.LENGTH];
        hasher.hashBytes(units, 0, units.length, hash, 0);
        ByteBuffer words = ByteBuffer.wrap(hash);
        return new RunHash(words.getLong(), words.getLong(), run.length());
    }
}
