/**
 * To which instants a cluster can be brought back, and by which backup and which WAL.
 *
 * <p>The planner decides as PostgreSQL's own recovery would: it stops at the first record, in the order of the log, that
 * lies past the target, not at the nearest by the clock. What it needs to know of the WAL stands in the archive beside
 * each segment, so that a plan reads no WAL but the one segment in which the target lies. A target that PostgreSQL could
 * not reach is refused here, with the windows that could be reached, before anything is written.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.physical.recovery;
