/**
 * Runs real PostgreSQL servers of every supported major version without anything installed on the machine: finds and
 * unpacks the binaries that the build fetched, makes clusters, starts, stops, kills and promotes their servers, loads a
 * sample database and keeps a ledger of commits outside of the cluster. The demo and the tests stand on it.
 *
 * <p>A {@link Cluster} is one data directory and the server on it. The port, the addresses and the socket directory are
 * given on the server's command line, so that a data directory that came out of a restore runs unchanged.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.embedded;
