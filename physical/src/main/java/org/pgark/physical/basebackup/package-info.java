/**
 * Base backups that a server sends over its replication protocol, received as pg_basebackup does: into a plain data
 * directory or into tar archives, from servers of 13 to 18.
 *
 * <p>{@link org.pgark.physical.basebackup.BaseBackup} runs BASE_BACKUP and gives each archive's bytes to a chain of
 * streams: taken apart by {@link org.pgark.physical.basebackup.TarFeed} where something must be done with its members, else
 * written as they are. WAL is streamed beside it by {@link org.pgark.physical.receive.WalStream}. Messages are those of
 * PostgreSQL's program.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.physical.basebackup;
