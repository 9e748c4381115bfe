/**
 * Says in words what a WAL record does, as pg_waldump does: the name of its resource manager, of its kind, and the details.
 *
 * <p>Words and details changed from version to version; which hold is told by the version that wrote the record. What
 * stands in a record, and how it is put, follows the {@code rmgrdesc} sources of PostgreSQL 13 to 18 and the structures of
 * its {@code *_xlog.h} headers; offsets are those of a 64-bit little-endian server.
 */
@NullMarked
package org.pgark.postgres.wal.describe;

import org.jspecify.annotations.NullMarked;
