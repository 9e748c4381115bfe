package org.pgark.physical.backup;

import org.pgark.postgres.control.ControlFile;

/**
 * What a server streamed.
 *
 * @param copied what came, in packs
 * @param control pg_control as the backup has it
 * @param standby whether it is of a standby
 * @param damageOnlyAtServer whether the server found damage, but none is among the damaged pages
 * @param startedNanos when the server's checkpoint was over, by System.nanoTime()
 */
record Received(Copied copied, ControlFile control, boolean standby, boolean damageOnlyAtServer, long startedNanos) {}
