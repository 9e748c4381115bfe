/**
 * Decides which backups and which WAL are kept.
 *
 * <p>Pure: what is known of backups, timelines and the time goes in, what is kept and why comes out. A rule only ever adds
 * reasons to keep; what has none goes.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.repository.retention;
