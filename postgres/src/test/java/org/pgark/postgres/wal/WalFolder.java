package org.pgark.postgres.wal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.pgark.postgres.Lsn;

/** A folder of segments that follow each other, as {@code pg_wal} has them. */
record WalFolder(Path path) {
    List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> WalSegmentName.isName(String.valueOf(file.getFileName())))
                    .sorted()
                    .toList();
        }
    }

    /** The first segment's first byte. */
    Lsn start() throws IOException {
        return header().pageAddress();
    }

    WalSegmentHeader header() throws IOException {
        Path first = segments().getFirst();
        return WalSegmentHeader.read(
                WalSegmentName.parse(String.valueOf(first.getFileName())), Files.readAllBytes(first));
    }

    /** Shows every record up to where valid WAL ends. */
    WalReader read(Consumer<WalRecord> records) throws IOException {
        WalReader reader = new WalReader(start());
        for (Path segment : segments()) {
            reader.feed(ByteBuffer.wrap(content(segment)));
            while (reader.next()) {
                records.accept(reader.record());
            }
            if (reader.hasEnded()) {
                break;
            }
        }
        return reader;
    }

    private static byte[] content(Path segment) {
        try {
            return Files.readAllBytes(segment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
