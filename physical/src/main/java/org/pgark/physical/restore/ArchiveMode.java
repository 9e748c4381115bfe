package org.pgark.physical.restore;

/** What becomes of WAL archiving in the restored cluster. */
public enum ArchiveMode {
    /** Off where the data directory is not the configured one, so that a copy never writes into the original's archive. */
    BY_DIRECTORY,
    /** Always off. */
    OFF,
    /** As the backup has it. */
    PRESERVE
}
