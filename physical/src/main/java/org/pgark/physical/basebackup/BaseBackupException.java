package org.pgark.physical.basebackup;

import java.io.IOException;
import java.util.List;

/** A base backup cannot go on; the message and the lines after it are pg_basebackup's. */
public final class BaseBackupException extends IOException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // exceptions are not stored
    private final List<String> details;

    private final String hint;
    private final boolean damage;

    BaseBackupException(String message) {
        this(message, List.of(), "", false);
    }

    BaseBackupException(String message, Throwable cause) {
        this(message, List.of(), "", false);
        initCause(cause);
    }

    private BaseBackupException(String message, List<String> details, String hint, boolean damage) {
        super(message);
        this.details = List.copyOf(details);
        this.hint = hint;
        this.damage = damage;
    }

    static BaseBackupException withDetails(String message, List<String> details) {
        return new BaseBackupException(message, details, "", false);
    }

    static BaseBackupException withHint(String message, String hint) {
        return new BaseBackupException(message, List.of(), hint, false);
    }

    /** The server found damaged pages; what was received is all there. */
    static BaseBackupException damaged(String message) {
        return new BaseBackupException(message, List.of(), "", true);
    }

    /** Lines that say more. */
    public List<String> details() {
        return details;
    }

    /** What may help, or empty. */
    public String hint() {
        return hint;
    }

    /** Whether the backup is whole but for damaged pages, and is to be kept. */
    public boolean isDamage() {
        return damage;
    }
}
