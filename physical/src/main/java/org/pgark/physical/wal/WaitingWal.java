package org.pgark.physical.wal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The files of a data directory's {@code pg_wal} that the server has marked as ready and that are not archived yet.
 *
 * @param files how many
 * @param bytes how large they are together
 * @param since when the oldest was marked
 */
public record WaitingWal(long files, long bytes, Optional<Instant> since) {
    /** Nothing waits. */
    public static final WaitingWal NONE = new WaitingWal(0, 0, Optional.empty());

    private static final String READY = ".ready";

    public WaitingWal {
        Objects.requireNonNull(since, "since is null");
    }

    /** What waits now. */
    public static WaitingWal in(Path dataDirectory) throws IOException {
        Path wal = dataDirectory.resolve("pg_wal");
        WaitingWal sum = NONE;
        try (DirectoryStream<Path> marks = Files.newDirectoryStream(wal.resolve("archive_status"), "*" + READY)) {
            for (Path mark : marks) {
                String name = String.valueOf(mark.getFileName());
                sum = sum.and(mark, wal.resolve(name.substring(0, name.length() - READY.length())));
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return NONE;
        }
        return sum;
    }

    private WaitingWal and(Path mark, Path file) throws IOException {
        try {
            Instant marked = Files.getLastModifiedTime(mark).toInstant();
            return new WaitingWal(
                    files + 1,
                    bytes + Files.size(file),
                    Optional.of(since.filter(oldest -> oldest.isBefore(marked)).orElse(marked)));
        } catch (NoSuchFileException e) {
            // It was archived meanwhile.
            return this;
        }
    }

    /** For how long the oldest has been waiting, not negative. */
    public Duration age(Instant now) {
        Duration age = since.map(oldest -> Duration.between(oldest, now)).orElse(Duration.ZERO);
        return age.isNegative() ? Duration.ZERO : age;
    }
}
