package org.pgark.physical.restore;

import java.io.IOException;
import java.nio.file.FileSystemException;

/** Words for what went wrong with files. */
final class Failure {
    private Failure() {}

    /** The reason in one line; the exceptions of java.nio.file often have only a path for a message. */
    static String describe(IOException failure) {
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            String kind = failure.getClass().getSimpleName().replace("Exception", "");
            return file.getFile() + ": "
                    + kind.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(java.util.Locale.ROOT);
        }
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
