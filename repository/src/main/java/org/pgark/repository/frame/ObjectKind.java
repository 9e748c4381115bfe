package org.pgark.repository.frame;

/** What a framed object is. */
public enum ObjectKind {
    /** A pack of frames that backups refer to. */
    PACK(1),
    /** A file of the archive. */
    WAL(2),
    /** An entry of a log. */
    LOG(3);

    private final int code;

    ObjectKind(int code) {
        this.code = code;
    }

    /** The number that stands for it in the header. */
    int code() {
        return code;
    }
}
