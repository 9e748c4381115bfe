package org.pgark.repository.archive;

import java.io.IOException;
import org.pgark.postgres.wal.WalFileName;

/** A WAL file of this name, but with other content, is in the archive already. */
public final class DifferentContentException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Names both contents. */
    DifferentContentException(WalFileName name, ArchivedContent archived, String sha256, long size) {
        super("WAL file \"" + name + "\" is archived already with other content: there " + archived.size()
                + " bytes with SHA-256 " + archived.sha256() + ", archived at " + archived.archived() + "; new " + size
                + " bytes with SHA-256 " + sha256);
    }
}
