package org.pgark.physical.receive;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** The operating system's words for a failure, as C's strerror gives them. */
public final class SystemMessage {
    private SystemMessage() {}

    /** For example {@code No such file or directory}. */
    public static String of(IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "No such file or directory";
            case AccessDeniedException _ -> "Permission denied";
            case FileAlreadyExistsException _ -> "File exists";
            case DirectoryNotEmptyException _ -> "Directory not empty";
            case NotDirectoryException _ -> "Not a directory";
            case FileSystemException system ->
                system.getReason() == null ? String.valueOf(system.getMessage()) : system.getReason();
            default -> String.valueOf(failure.getMessage());
        };
    }
}
