/**
 * A data directory as files: which of them belong into a backup, which hold relations, and whether a server runs on it.
 *
 * <p>Sources: replication/basebackup.c (backup/basebackup.c since 16), common/relpath.c and utils/pidfile.h of
 * PostgreSQL 13 to 18.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.postgres.datadir;
