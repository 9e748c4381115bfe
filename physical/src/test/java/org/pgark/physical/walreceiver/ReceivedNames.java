package org.pgark.physical.walreceiver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of a receiver's directory. */
record ReceivedNames(Path directory) {
    private List<Path> matching(String pattern) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches(pattern))
                    .sorted()
                    .toList();
        }
    }

    List<Path> complete() throws IOException {
        return matching("[0-9A-F]{24}");
    }

    Path partial() throws IOException {
        return matching("[0-9A-F]{24}\\.partial").getLast();
    }
}
