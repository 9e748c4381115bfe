/**
 * The repository: which clusters it keeps, and for each of them its backups, its packs and its archived WAL.
 *
 * <p>The numbered log is the truth: a cluster or a backup exists when its log entry does. Everything else is written
 * before that entry and is garbage until then. The format is described byte by byte in docs/repository-format.md.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.repository;
