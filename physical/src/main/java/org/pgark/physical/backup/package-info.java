/**
 * The backup of a running server: one parallel pass over its files, or over the stream in which the server sends them,
 * checked page by page, that exists in the repository only when all WAL it needs is there.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.physical.backup;
