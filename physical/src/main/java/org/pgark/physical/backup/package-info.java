/**
 * The full backup of a running server on its own host: one parallel pass over the files, checked page by page, that
 * exists in the repository only when all WAL it needs is archived.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.physical.backup;
