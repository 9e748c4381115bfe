package org.pgark.storage.bucket;

/**
 * Bytes to send; not to be changed until the call that takes them is over.
 *
 * @param array holds them from its beginning
 * @param length how many
 */
@SuppressWarnings("ArrayRecordComponent") // no copies of megabytes, and never compared
public record PartBytes(byte[] array, int length) {
    public PartBytes {
        if (length < 0 || length > array.length) {
            throw new IllegalArgumentException("length " + length + " is not within " + array.length);
        }
    }
}
