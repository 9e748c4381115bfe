/** The programs that speak the replication protocol: {@code pg_basebackup} and {@code pg_receivewal}, as of PostgreSQL 18. */
@org.jspecify.annotations.NullMarked
package org.pgark.cli.replication;
