package org.pgark.logical.archive;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** Forces names and files to the disk. */
final class DurableFolder {
    private DurableFolder() {}

    /** Forces the entry of a file in its folder; not every file system can. */
    static void sync(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            System.getLogger(DurableFolder.class.getName())
                    .log(System.Logger.Level.DEBUG, "could not fsync " + folder, e);
        }
    }

    /** Forces all files of a folder, and its list of them. */
    static void syncFiles(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(folder)) {
            files = found.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
        sync(folder.resolve("."));
    }
}
