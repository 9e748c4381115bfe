package org.pgark.cli.upstream;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/** What the operating system says about an error, in the words that C's {@code strerror} has for it. */
public final class OperatingSystemMessage {
    private OperatingSystemMessage() {}

    /** The reason alone, for example {@code No such file or directory}: the caller names the file. */
    public static String of(IOException exception) {
        return switch (exception) {
            case NoSuchFileException _ -> "No such file or directory";
            case AccessDeniedException _ -> "Permission denied";
            case FileAlreadyExistsException _ -> "File exists";
            case NotDirectoryException _ -> "Not a directory";
            case DirectoryNotEmptyException _ -> "Directory not empty";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default ->
                reason(Objects.requireNonNullElse(
                        exception.getMessage(), exception.getClass().getSimpleName()));
        };
    }

    /** The older classes say {@code name (reason)}. */
    private static String reason(String message) {
        int open = message.lastIndexOf(" (");
        return open >= 0 && message.endsWith(")") ? message.substring(open + 2, message.length() - 1) : message;
    }
}
