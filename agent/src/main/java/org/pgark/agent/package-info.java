/**
 * The resident process of a database host: today the archive worker, which the shell front {@code pgark-wal} starts when
 * there is WAL to archive or to fetch, and which ends by itself when there has been none for a while.
 *
 * <p>One thread looks at the spool and at {@code archive_status} and decides; a few others push and fetch. Whatever is
 * interrupted is done again: a file counts as archived only by its durable object in the repository.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.agent;
