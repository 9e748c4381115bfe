/**
 * WAL from a server, received by streaming replication as it is written, and put away segment by segment.
 *
 * <p>{@link org.pgark.physical.receive.WalStream} follows one server over timeline switches; a {@link
 * org.pgark.physical.receive.WalPlace} takes the bytes: a directory, or a tar file beside a base backup. A flush position
 * is reported only for what the place has made durable.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.physical.receive;
