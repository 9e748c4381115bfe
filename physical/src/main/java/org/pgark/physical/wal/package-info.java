/**
 * The road of WAL between a data directory and the archive: checking and putting a file, getting one, and the spool
 * folder through which the shell front {@code pgark-wal} and the archive worker speak.
 *
 * <p>A spool is a folder for each cluster, below a root that all clusters of a user share:
 *
 * <pre>
 * by-directory/DATA/DIRECTORY/.spool       link to the spool of the cluster with that data directory
 * CLUSTER/settings                         what the front has to know: lines of a name, a space, a value
 * CLUSTER/control                          the front's own: pg_control's state and the system identifier in it
 * CLUSTER/worker.pid, worker.lock          the worker's process number; held by it as long as it lives
 * CLUSTER/worker.log, worker.out           what the worker tells; what the last worker said that did not start
 * CLUSTER/state                            what the worker has met ({@link WorkerState})
 * CLUSTER/warning                          what the server's log is to say at each file
 * CLUSTER/released                         files that were let go at {@code archive.max-backlog} ({@link ReleasedWal})
 * CLUSTER/push/NAME.verdict                the worker's word that a file is archived ({@link Verdict})
 * CLUSTER/push/NAME.TOKEN.want             a front asks for a file to be archived ({@link Request})
 * CLUSTER/push/NAME.TOKEN.answer           what became of it ({@link Answer})
 * CLUSTER/get/SYSTEM/NAME                  a fetched file, there under this name only when it is whole
 * CLUSTER/get/SYSTEM/NAME.TOKEN.running    what there was of a growing segment, for the front that asked
 * CLUSTER/get/SYSTEM/NAME.TOKEN.want       a front asks for a file to be fetched, then an answer likewise
 * </pre>
 *
 * <p>Nothing in a spool is needed: it may be removed at any moment, at the price of work done again.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.physical.wal;
