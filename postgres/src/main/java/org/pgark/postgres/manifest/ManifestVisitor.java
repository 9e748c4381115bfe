package org.pgark.postgres.manifest;

/** Is told what a manifest holds, in its order. */
public interface ManifestVisitor {
    /** The manifest's version: 1 or 2. */
    void version(int version);

    /** The cluster, since version 2; to be read as unsigned. */
    void systemIdentifier(long identifier);

    /**
     * A file.
     *
     * @throws ManifestException if it cannot be
     */
    void file(ManifestFile file) throws ManifestException;

    /** WAL that is needed. */
    void walRange(WalRange range);
}
