/**
 * The two text files that a server's backup functions hand out and that recovery starts from: {@code backup_label} and
 * {@code tablespace_map}.
 *
 * <p>Source: access/transam/xlogbackup.c and xlogrecovery.c of PostgreSQL 15 to 18, xlog.c of 13 and 14.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.postgres.label;
