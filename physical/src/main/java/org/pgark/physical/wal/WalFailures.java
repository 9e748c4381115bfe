package org.pgark.physical.wal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.pgark.physical.failure.FailedException;

/** How faults of disks and stores are told. */
final class WalFailures {
    private WalFailures() {}

    /**
     * Tells of a fault.
     *
     * @param what could not be done, as a clause
     */
    static FailedException of(String code, String what, IOException fault) {
        return new FailedException(code, what + ": " + inWords(fault), "", fault);
    }

    private static String inWords(IOException fault) {
        return switch (fault) {
            case NoSuchFileException missing -> "\"" + missing.getFile() + "\" does not exist";
            case AccessDeniedException denied -> "access to \"" + denied.getFile() + "\" denied";
            case FileSystemException other when other.getReason() == null -> "\"" + other.getFile() + "\" failed";
            case FileSystemException other -> "\"" + other.getFile() + "\": " + other.getReason();
            default -> String.valueOf(fault.getMessage());
        };
    }
}
