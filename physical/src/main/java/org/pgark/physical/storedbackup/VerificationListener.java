package org.pgark.physical.storedbackup;

/** Is told what a verification finds; may be called by several threads, one at a time. */
public interface VerificationListener {
    /** Something is wrong with the backup. */
    void error(String message);

    /** What is wrong with WAL, as pg_waldump says it. */
    void walError(String message);

    /**
     * How far the work is.
     *
     * @param done bytes that were read
     * @param total bytes that are to be read
     * @param finished whether nothing more comes
     */
    void progress(long done, long total, boolean finished);
}
