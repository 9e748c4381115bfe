package org.pgark.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Words for what the file system refused. */
final class Failures {
    private Failures() {}

    /** An exception that says what could not be done to which object, where and why. */
    static IOException of(String action, ObjectName name, String place, IOException cause) {
        return new IOException(
                "cannot " + action + " object \"" + name + "\" in " + place + ": " + reason(cause), cause);
    }

    /** The reason without the path, as the operating system says it. */
    static String reason(IOException cause) {
        return switch (cause) {
            case AccessDeniedException _ -> "Permission denied";
            case NoSuchFileException _ -> "No such file or directory";
            case NotDirectoryException _ -> "Not a directory";
            case DirectoryNotEmptyException _ -> "Directory not empty";
            case FileSystemException refused when refused.getReason() != null -> refused.getReason();
            default -> cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        };
    }
}
