/** The programs that work on base backups on disk: pg_verifybackup and pg_combinebackup. */
@NullMarked
package org.pgark.cli.basebackup;

import org.jspecify.annotations.NullMarked;
