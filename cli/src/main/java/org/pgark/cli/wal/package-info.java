/** The programs that show what WAL holds: pg_waldump and pg_walsummary. */
@NullMarked
package org.pgark.cli.wal;

import org.jspecify.annotations.NullMarked;
