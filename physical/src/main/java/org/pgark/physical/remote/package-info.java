/**
 * The files of a cluster on another host, read over ordinary connections by the server's own functions (pg_ls_dir,
 * pg_stat_file, pg_read_binary_file), as a file system of {@code java.nio}: so a backup by connection is the same backup as
 * one on the host.
 *
 * <p>The functions say less than stat(2): modes are those of the data directory, the owner is called {@code postgres}, and
 * of symbolic links only those of tablespaces are known.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.physical.remote;
