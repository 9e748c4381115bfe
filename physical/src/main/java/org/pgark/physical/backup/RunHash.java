package org.pgark.physical.backup;

/**
 * What a run of pages is known by.
 *
 * @param high the first eight bytes of the keyed hash of its content
 * @param low the last eight bytes
 * @param length of the run in bytes
 */
record RunHash(long high, long low, int length) {}
