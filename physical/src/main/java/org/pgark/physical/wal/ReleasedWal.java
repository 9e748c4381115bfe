package org.pgark.physical.wal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A WAL file that the server was told to remove though it was not archived as it must be, because too much waited. Each is
 * a line of the spool's file {@code released}: time, name, {@code lost} or {@code elsewhere}, reason, with tabs between them.
 *
 * @param time when
 * @param name the file's name
 * @param kept whether a repository has it
 * @param reason why it was not archived, one line
 */
public record ReleasedWal(Instant time, String name, boolean kept, String reason) {
    private static final long MOST_BYTES = 4 << 20;
    private static final String KEPT = "elsewhere";
    private static final String LOST = "lost";

    public ReleasedWal {
        Objects.requireNonNull(time, "time is null");
        Objects.requireNonNull(name, "name is null");
        reason = reason.replaceAll("\\s+", " ").strip();
    }

    /** Writes it down, durably; the oldest are forgotten when there are tens of thousands. */
    public void note(Spool spool) throws IOException {
        Path file = spool.releasedFile();
        if (Files.exists(file) && Files.size(file) > MOST_BYTES) {
            List<String> lines = Files.readAllLines(file);
            SpoolFile.replace(file, String.join("\n", lines.subList(lines.size() / 2, lines.size())) + "\n");
        }
        Files.writeString(
                file,
                time + "\t" + name + "\t" + (kept ? KEPT : LOST) + "\t" + reason + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND,
                StandardOpenOption.DSYNC);
    }

    /** All that are known, the oldest first; a file that was released again stands here once, as it was last. */
    public static List<ReleasedWal> in(Spool spool) throws IOException {
        List<String> lines;
        try {
            lines = new String(Files.readAllBytes(spool.releasedFile()), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
        List<ReleasedWal> all = new ArrayList<>();
        for (String line : lines) {
            parse(line).ifPresent(one -> {
                all.removeIf(before -> before.name().equals(one.name()));
                all.add(one);
            });
        }
        return all;
    }

    /** Empty for a line that was broken off. */
    private static Optional<ReleasedWal> parse(String line) {
        String[] parts = line.split("\t", 4);
        if (parts.length != 4) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ReleasedWal(Instant.parse(parts[0]), parts[1], parts[2].equals(KEPT), parts[3]));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
