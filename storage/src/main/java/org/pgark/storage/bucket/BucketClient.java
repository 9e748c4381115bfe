package org.pgark.storage.bucket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pgark.storage.ObjectLock;
import org.pgark.storage.StoreFeature;

/**
 * The calls of one vendor's object service, on the keys of one bucket. Each call retries by itself what is worth it, and
 * may be made from several threads at once.
 */
public interface BucketClient extends AutoCloseable {
    /** How many objects are deleted in one request at most. */
    int MOST_DELETED = 1000;

    /** What the service promises. */
    Set<StoreFeature> features();

    /**
     * Creates an object of the bytes given, if its key is free.
     *
     * @return whether it was created; false if the key is taken by another object
     * @throws org.pgark.storage.NoConditionException if the service knows no such condition
     */
    boolean put(String key, PartBytes content) throws IOException;

    /** The same client, which asks the service on no condition when it creates an object. */
    default BucketClient unconditional() {
        return this;
    }

    /** Begins an object that is sent in parts. */
    PartUpload upload(String key) throws IOException;

    /** The object's size in bytes, or -1 if there is none. */
    long size(String key) throws IOException;

    /**
     * Reads bytes of an object from {@code offset} on until {@code target} is full or the stream breaks, which is an
     * exception with {@code target} holding what came: the caller goes on from there.
     *
     * @return false if there is no such object
     * @throws java.io.EOFException if the object ends before the target is full
     */
    boolean read(String key, long offset, ByteBuffer target) throws IOException;

    /**
     * Reads the beginning of an object into {@code target}: as much of it as has room, or less if the stream breaks.
     *
     * @return the size of the whole object in bytes, or -1 if there is none
     */
    default long readStart(String key, ByteBuffer target) throws IOException {
        long size = size(key);
        target.limit((int) Math.min(target.limit(), target.position() + Math.max(size, 0)));
        return size <= 0 || read(key, 0, target) ? size : -1;
    }

    /**
     * One page of a listing of the keys that begin with a prefix.
     *
     * @param delimited whether keys that go on with a further slash are told as folders instead
     * @param from where the page before ended, empty for the first
     */
    ListPage list(String prefix, boolean delimited, String from) throws IOException;

    /**
     * Deletes an object; does nothing if there is none.
     *
     * @throws LockedKeyException if it is locked, and stays
     */
    void delete(String key) throws IOException;

    /**
     * Deletes objects in one request, where the service has one for it.
     *
     * @param keys no more than {@link #MOST_DELETED}
     * @return those that it did not delete, for whatever reason; {@link #delete} says why
     */
    default Collection<String> deleteAll(List<String> keys) throws IOException {
        return keys;
    }

    /**
     * Sees to it that an object is locked at least until an instant; then for as long as one that is created now. Does
     * nothing where none are locked.
     */
    default Retained retain(String key, Instant atLeast) throws IOException {
        return Retained.ALREADY;
    }

    /** How the service is asked to lock objects. */
    default Optional<ObjectLock> lock() {
        return Optional.empty();
    }

    /** Gives up the uploads under a prefix that were begun more than {@code olderThan} ago. */
    void abortUploads(String prefix, Duration olderThan) throws IOException;

    @Override
    void close() throws IOException;
}
