package org.pgark.cli.wal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.pgark.cli.upstream.OperatingSystemMessage;
import org.pgark.cli.upstream.ProgramException;

/** The folder that pg_waldump saves images of pages in: made if need be, and empty. */
final class ImageFolder {
    private ImageFolder() {}

    static void prepare(Path folder) throws ProgramException {
        if (!Files.exists(folder)) {
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new ProgramException(
                        "could not create directory \"" + folder + "\": " + OperatingSystemMessage.of(e));
            }
            return;
        }
        try (var entries = Files.newDirectoryStream(folder)) {
            if (entries.iterator().hasNext()) {
                throw new ProgramException("directory \"" + folder + "\" exists but is not empty");
            }
        } catch (IOException e) {
            throw new ProgramException(
                    "could not access directory \"" + folder + "\": " + OperatingSystemMessage.of(e));
        }
    }
}
