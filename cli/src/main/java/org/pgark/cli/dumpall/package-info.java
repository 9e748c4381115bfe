/** pg_dumpall: what belongs to the whole server, and every database by pg_dump. */
@NullMarked
package org.pgark.cli.dumpall;

import org.jspecify.annotations.NullMarked;
