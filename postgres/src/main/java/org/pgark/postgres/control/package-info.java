/**
 * A cluster's {@code global/pg_control}: which cluster this is, its state, and how its files are laid out.
 *
 * <p>Source: catalog/pg_control.h of PostgreSQL 13 to 18.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.postgres.control;
