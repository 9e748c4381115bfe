package org.pgark.logical.catalog;

import java.io.Serial;
import java.util.Optional;

/** A dump that cannot be made; the message is what pg_dump says after "error: ". */
public final class DumpException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String detail;

    public DumpException(String message) {
        super(message);
        this.detail = "";
    }

    public DumpException(String message, Throwable cause) {
        this(message, cause, "");
    }

    /**
     * An error with a line that explains it.
     *
     * @param detail what pg_dump says after "detail: "
     */
    public DumpException(String message, Throwable cause, String detail) {
        super(message, cause);
        this.detail = detail;
    }

    /** An error that nothing else has caused, with a line that explains it. */
    public static DumpException explained(String message, String detail) {
        return new DumpException(message, detail);
    }

    private DumpException(String message, String detail) {
        super(message);
        this.detail = detail;
    }

    public Optional<String> detail() {
        return detail.isEmpty() ? Optional.empty() : Optional.of(detail);
    }
}
