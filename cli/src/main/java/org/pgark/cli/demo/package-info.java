/**
 * The demo: a PostgreSQL cluster of its own is filled, archived, backed up, lost and brought back, and a ledger that was
 * kept outside of it proves what came back.
 *
 * <p>Every step that a user would take is the real command, started as a user would start it.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.cli.demo;
