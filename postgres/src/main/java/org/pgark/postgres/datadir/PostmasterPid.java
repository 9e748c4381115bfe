package org.pgark.postgres.datadir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.pgark.postgres.DamagedFileException;

/**
 * The content of {@code postmaster.pid}, which a server keeps in its data directory while it runs.
 *
 * @param pid the server's process id
 * @param dataDirectory as the server was told
 * @param startTime when it started, in whole seconds; the epoch when not written yet
 * @param port TCP port and suffix of the socket's name; 0 when not written yet
 * @param socketDirectory where its first Unix socket is; empty when it has none or has not written it yet
 * @param listenAddress the first address it listens on; empty when it has none or has not written it yet
 * @param sharedMemory key and id of its shared memory segment; empty when not written yet
 * @param status {@code starting}, {@code stopping}, {@code ready} or {@code standby}; empty when not written yet
 */
public record PostmasterPid(
        long pid,
        String dataDirectory,
        Instant startTime,
        int port,
        String socketDirectory,
        String listenAddress,
        String sharedMemory,
        String status) {
    /** The file's name in the data directory. */
    public static final String FILE_NAME = "postmaster.pid";

    /**
     * Reads the file's text.
     *
     * @throws DamagedFileException if it does not begin with a process id
     */
    public static PostmasterPid parse(String text) throws DamagedFileException {
        List<String> lines = text.lines().map(String::strip).toList();
        try {
            // A single-user server writes its process id as a negative number.
            return new PostmasterPid(
                    Math.abs(Long.parseLong(line(lines, 1, ""))),
                    line(lines, 2, ""),
                    Instant.ofEpochSecond(Long.parseLong(line(lines, 3, "0"))),
                    Integer.parseInt(line(lines, 4, "0")),
                    line(lines, 5, ""),
                    line(lines, 6, ""),
                    line(lines, 7, ""),
                    line(lines, 8, ""));
        } catch (NumberFormatException e) {
            throw new DamagedFileException(FILE_NAME, "it does not begin as a server writes it");
        }
    }

    private static String line(List<String> lines, int number, String missing) {
        return lines.size() < number || lines.get(number - 1).isEmpty() ? missing : lines.get(number - 1);
    }

    /** Reads the file of a data directory; empty if there is none. */
    public static Optional<PostmasterPid> read(Path dataDirectory) throws IOException {
        try {
            return Optional.of(parse(Files.readString(dataDirectory.resolve(FILE_NAME), ISO_8859_1)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether the process that wrote this file still runs as the server of the data directory, as far as can be told: a
     * file left by a crash names a process that is gone or that is something else by now.
     */
    public boolean isRunning(Path dataDirectory) {
        return ServerProcesses.isServerOf(pid, dataDirectory);
    }
}
