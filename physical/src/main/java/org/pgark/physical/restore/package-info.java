/**
 * Puts a backup back as a data directory that PostgreSQL recovers from, whole or one relation's files of it.
 *
 * <p>A half restore must never start: an existing pg_control is removed, durably, before the first write, and the new one
 * is the last file written, after everything else is durable. Between the two, files are written in parallel straight
 * from the repository's frames, large ones in slices, and made durable in one go at the end.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.physical.restore;
