package org.pgark.agent;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Predicate;
import org.pgark.physical.wal.Answer;
import org.pgark.physical.wal.Request;
import org.pgark.physical.wal.Spool;

/** Clears away what fronts and workers left behind that were killed, or that went without what they had asked for. */
final class SpoolCleaning {
    private static final Duration UNUSED = Duration.ofMinutes(10);
    private static final String VERDICT = ".verdict";
    private static final String OUTPUT_OF_A_START = "worker\\.[0-9a-f-]{10,}\\.(out|status)";

    private final Spool spool;
    private final InstantSource clock;

    SpoolCleaning(Spool spool, InstantSource clock) {
        this.spool = spool;
        this.clock = clock;
    }

    /** At a worker's start: what was fetched before may be out of date. Requests stay, and verdicts, which are checked. */
    void atStart() throws IOException {
        clearFetched();
        remove(spool.push(), file -> !isNamed(file, Request.SUFFIX) && !isNamed(file, VERDICT));
    }

    /** At a worker's end, when nothing was asked for in a while. */
    void atEnd() throws IOException {
        clearFetched();
    }

    private void clearFetched() throws IOException {
        for (Path folder : folders()) {
            remove(folder, file -> !isNamed(file, Request.SUFFIX) && !isNamed(file, Answer.SUFFIX));
        }
    }

    /** Now and then. */
    void ofTheOld() throws IOException {
        remove(spool.push(), this::isOld);
        for (Path folder : folders()) {
            remove(folder, this::isOld);
        }
        remove(spool.folder(), file -> String.valueOf(file.getFileName()).matches(OUTPUT_OF_A_START) && isOld(file));
    }

    /** The folders that files are fetched to. */
    Iterable<Path> folders() throws IOException {
        java.util.List<Path> folders = new java.util.ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(spool.gets(), Files::isDirectory)) {
            entries.forEach(folders::add);
        } catch (NoSuchFileException e) {
            return folders;
        }
        return folders;
    }

    private static boolean isNamed(Path file, String ending) {
        return String.valueOf(file.getFileName()).endsWith(ending);
    }

    private boolean isOld(Path file) {
        try {
            return Files.getLastModifiedTime(file)
                    .toInstant()
                    .isBefore(clock.instant().minus(UNUSED));
        } catch (IOException e) {
            return false;
        }
    }

    private static void remove(Path folder, Predicate<Path> which) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isRegularFile)) {
            for (Path entry : entries) {
                if (which.test(entry)) {
                    Files.deleteIfExists(entry);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return;
        }
    }
}
