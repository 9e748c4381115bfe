package org.pgark.storage;

/**
 * One line of a listing.
 *
 * @param name the object's name
 * @param size its size in bytes
 */
public record StoredObject(ObjectName name, long size) {}
