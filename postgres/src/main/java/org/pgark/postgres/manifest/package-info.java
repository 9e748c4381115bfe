/**
 * The backup_manifest that BASE_BACKUP sends along with a backup: versions 1 (13 to 16) and 2 (17 and later), read and
 * written as PostgreSQL does it. Source of the format: backup-manifest.sgml and common/parse_manifest.c.
 */
@NullMarked
package org.pgark.postgres.manifest;

import org.jspecify.annotations.NullMarked;
