/**
 * Plain scripts, as pg_dump and pg_dumpall write them for psql: cut into statements, COPY data and the few commands of psql
 * that dumps need, and run on a server. No other command of psql is ever obeyed.
 */
@NullMarked
package org.pgark.logical.script;

import org.jspecify.annotations.NullMarked;
