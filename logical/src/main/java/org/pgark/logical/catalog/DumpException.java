package org.pgark.logical.catalog;

import java.io.Serial;
import java.util.List;

/** A dump that cannot be made; the message is what pg_dump says after "error: ". */
public class DumpException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final List<String> details;

    public DumpException(String message) {
        super(message);
        this.details = List.of();
    }

    public DumpException(String message, Throwable cause) {
        this(message, cause, List.of());
    }

    /**
     * An error with a line that explains it.
     *
     * @param detail what pg_dump says after "detail: "
     */
    public DumpException(String message, Throwable cause, String detail) {
        this(message, cause, List.of(detail));
    }

    /**
     * An error with lines that explain it.
     *
     * @param details what pg_dump says after "detail: ", each time
     */
    public DumpException(String message, Throwable cause, List<String> details) {
        super(message, cause);
        this.details = List.copyOf(details);
    }

    /** An error that nothing else has caused, with a line that explains it. */
    public static DumpException explained(String message, String detail) {
        return new DumpException(message, detail);
    }

    private DumpException(String message, String detail) {
        super(message);
        this.details = List.of(detail);
    }

    /** The lines that explain it. */
    public List<String> details() {
        return details;
    }
}
