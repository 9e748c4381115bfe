/**
 * Base backups as they lie on disk: plain folders or tar archives with a backup_manifest. They are verified here as
 * pg_verifybackup does it, and put together from incrementals as pg_combinebackup does it; what is said of them are those
 * programs' messages.
 */
@NullMarked
package org.pgark.physical.storedbackup;

import org.jspecify.annotations.NullMarked;
