package org.pgark.storage.bucket;

/**
 * An object in a listing.
 *
 * @param key its key
 * @param size in bytes
 */
public record ListedKey(String key, long size) {}
