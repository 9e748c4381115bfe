package org.pgark.physical.backup;

/** How hard the server works on the checkpoint that a backup begins with. */
public enum CheckpointSpeed {
    /** At once: the backup begins within seconds, and the server writes as fast as it can. */
    FAST,
    /** Spread over half of the checkpoint interval, as the server's own checkpoints are. */
    SPREAD
}
