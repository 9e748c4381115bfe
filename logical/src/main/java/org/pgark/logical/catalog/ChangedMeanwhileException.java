package org.pgark.logical.catalog;

import java.io.Serial;
import java.util.Optional;
import java.util.Set;
import org.pgark.postgres.wire.ServerErrorException;

/**
 * Something that the dump's snapshot holds was changed by somebody else before it could be locked or read. A dump in a new snapshot
 * can succeed.
 */
public final class ChangedMeanwhileException extends DumpException {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * What the server says where a function meets an object that is gone: internal error (from a cache or an OID), undefined table,
     * column, object, function, schema.
     */
    private static final Set<String> STATES_OF_ABSENCE = Set.of("XX000", "42P01", "42703", "42704", "42883", "3F000");

    public ChangedMeanwhileException(String message) {
        super(message);
    }

    ChangedMeanwhileException(String message, Throwable cause, String detail) {
        super(message, cause, detail);
    }

    /** The definition of an object, which the server gives as null where the object is gone. */
    public static String required(Optional<String> definition, String object) {
        return definition.orElseThrow(
                () -> new ChangedMeanwhileException(object + " was dropped while its definition was read"));
    }

    /** Whether an error can come of something that the snapshot holds and that is gone by now. */
    static boolean explains(Exception error) {
        return error instanceof ServerErrorException refused && STATES_OF_ABSENCE.contains(refused.sqlState());
    }
}
