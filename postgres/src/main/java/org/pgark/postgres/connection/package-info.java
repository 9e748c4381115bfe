/**
 * Ways to a PostgreSQL server: what libpq would make of a connection string and its surroundings, and a session by it.
 *
 * <p>The surroundings (variables, home folder, user) are a value that is handed in; nothing here reads them by itself.
 * Sessions run over pgjdbc, through TCP or through Unix sockets. Source of the rules: chapter "libpq" of PostgreSQL's
 * documentation and interfaces/libpq/fe-connect.c.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.postgres.connection;
