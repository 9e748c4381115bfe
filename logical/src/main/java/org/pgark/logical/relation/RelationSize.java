package org.pgark.logical.relation;

/**
 * What the last VACUUM or ANALYZE counted.
 *
 * @param tuples rows, in the server's notation of real
 */
public record RelationSize(int pages, String tuples, int allVisible, int allFrozen) {}
