/**
 * The write-ahead log as files: segments and their names, timeline histories, pages and records.
 *
 * <p>Sources: access/xlog_internal.h, access/xlogrecord.h, access/xlogreader.c and access/transam/timeline.c of
 * PostgreSQL 13 to 18.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.postgres.wal;
