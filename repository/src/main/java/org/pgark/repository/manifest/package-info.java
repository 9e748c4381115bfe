/**
 * What a backup consists of: page maps say where a file's bytes stand, the manifest lists all files in order of path,
 * the relation names say which files are a table.
 *
 * <p>All three are streams of sorted entries in packs, read and written without ever being in memory whole.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.repository.manifest;
