/**
 * {@code pgark wal receive}: WAL as the server writes it, kept in a directory of the receiver's own and brought into a
 * repository, segment by segment and, while a segment grows, piece by piece.
 *
 * <p>A directory has the files that pg_receivewal writes, complete segments, {@code .partial} ones of full size and
 * histories, beside {@code receiver}, which says whose WAL it is, and {@code receiver.lock}. {@link
 * org.pgark.physical.walreceiver.WalReceiver} streams into it; {@link org.pgark.physical.walreceiver.Uploader} brings what
 * is there into a repository, and {@code Uploads} into all of a cluster's; nothing is removed that is not durable where it must be. What was received is never overwritten by
 * other bytes: a server that sends them was set back to an older state.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.physical.walreceiver;
