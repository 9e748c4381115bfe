/**
 * What pg_waldump does: records of segment files, chosen by what they change, as lines, as sums or as images of pages.
 */
@NullMarked
package org.pgark.postgres.wal.dump;

import org.jspecify.annotations.NullMarked;
