package org.pgark.physical.backup;

import org.pgark.postgres.Lsn;

/**
 * A damaged page of a file.
 *
 * @param page its number in the file, from 0
 * @param lsn what it claims to have been changed at last
 */
record PageDamage(int page, Lsn lsn) {}
