/** WAL summaries: the files of version 17 and later in {@code pg_wal/summaries} that say which blocks a stretch of WAL changes. */
@NullMarked
package org.pgark.postgres.wal.summary;

import org.jspecify.annotations.NullMarked;
