/**
 * The write-ahead log as files: segments and their names, timeline histories, pages and records.
 *
 * <p>{@link WalReader} reads records and says by a {@link WalStop} where and why valid WAL ends; {@link WalChanges} tells
 * what records change in files of relations; {@link WalFacts} keeps what one segment tells of transactions.
 *
 * <p>Sources: access/xlog_internal.h, access/xlogrecord.h, access/xlogreader.c and access/transam/timeline.c of
 * PostgreSQL 13 to 18.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.postgres.wal;
