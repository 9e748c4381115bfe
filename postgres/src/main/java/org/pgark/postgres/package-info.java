/**
 * PostgreSQL's own words as values: log sequence numbers, timelines, system identifiers and versions 13 to 18.
 *
 * <p>The packages below read and write PostgreSQL's files and speak to its servers; nothing here knows of repositories
 * or backups.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.postgres;
