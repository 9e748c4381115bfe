/**
 * Standbys: from nothing to a server that streams from its primary.
 *
 * <p>{@link org.pgark.physical.standby.StandbyCreation} looks at everything that can be wrong before it changes anything,
 * makes the slot, has the files brought (a base backup, or a restore of the caller's), writes how to follow the primary,
 * starts the server and waits until it streams. What fails before the start is undone.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.physical.standby;
