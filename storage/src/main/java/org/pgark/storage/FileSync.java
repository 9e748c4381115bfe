package org.pgark.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Brings what was written to the disk: a seam, so that tests can see in which order it happens. */
interface FileSync {
    /** By the operating system. */
    FileSync SYSTEM = new FileSync() {
        @Override
        public void file(Path path, FileChannel channel) throws IOException {
            channel.force(false);
        }

        @Override
        public void folder(Path path) throws IOException {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    };

    /** Makes the content of a file that is open durable. */
    void file(Path path, FileChannel channel) throws IOException;

    /** Makes the names in a folder durable. */
    void folder(Path path) throws IOException;
}
