/**
 * PostgreSQL's dump archives: the entries of the table of contents, and the custom, directory and tar formats, written and
 * read byte for byte as pg_dump and pg_restore do, in versions 1.10 to 1.16.
 *
 * <p>An archive is a head, a table of contents whose entries carry SQL, and the data of those entries that have some
 * (tables, large objects). A dump hands over {@link org.pgark.logical.archive.DumpItem}s in their final order; a writer of
 * one of the formats asks each for its data when its turn comes.
 */
@NullMarked
package org.pgark.logical.archive;

import org.jspecify.annotations.NullMarked;
