package org.pgark.repository.copy;

/**
 * What a copy did.
 *
 * @param copied how many objects were copied
 * @param bytes how many bytes they have
 * @param there how many objects were there already
 */
public record CopyOutcome(long copied, long bytes, long there) {}
