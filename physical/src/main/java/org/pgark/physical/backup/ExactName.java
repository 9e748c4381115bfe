package org.pgark.physical.backup;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.pgark.physical.failure.FailedException;

/** Turns names into text, or fails where the text would not lead back to the same bytes. */
final class ExactName {
    private ExactName() {}

    /**
     * The text of {@code path}.
     *
     * @param thing what the path is, for the message
     */
    static String of(Path path, String thing) throws FailedException {
        String text = path.toString();
        boolean same;
        try {
            same = path.getFileSystem().getPath(text).equals(path);
        } catch (InvalidPathException e) {
            same = false;
        }
        if (!same) {
            throw new FailedException(
                    "file_name_not_utf8",
                    thing + " is not valid UTF-8: \"" + text + "\"",
                    "Rename or remove it if it is not the server's, and run the backup with a UTF-8 locale such as"
                            + " LC_ALL=C.UTF-8.");
        }
        return text;
    }
}
