package org.pgark.postgres.datadir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells servers among the machine's processes.
 *
 * <p>A server's working directory is its data directory from its first moments to its end. Linux shows that in
 * {@code /proc} to the same user and to root; to others it shows the program's name only, and where there is no
 * {@code /proc} nothing is known but that the process lives. In doubt the answer is that the server runs.
 */
final class ServerProcesses {
    private static final Path PROCESSES = Path.of("/proc");

    private ServerProcesses() {}

    static boolean isServerOf(long pid, Path dataDirectory) {
        if (pid == ProcessHandle.current().pid() || !isAlive(pid)) {
            return false;
        }
        Path process = PROCESSES.resolve(Long.toString(pid));
        if (!Files.isDirectory(process)) {
            return !isParent(pid);
        }
        String program = program(process);
        if (program.isEmpty()) {
            return false;
        }
        boolean namedLikeServer = program.contains("postgres") || program.contains("postmaster");
        try {
            return Files.isSameFile(process.resolve("cwd"), dataDirectory) && (namedLikeServer || !isParent(pid));
        } catch (IOException e) {
            return namedLikeServer;
        }
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /** A shell that stands in the data directory and has got the process id of a server before the machine's restart. */
    private static boolean isParent(long pid) {
        return ProcessHandle.current()
                .parent()
                .map(parent -> parent.pid() == pid)
                .orElse(false);
    }

    /** The program's name as the kernel shows it to everybody; empty when the process has ended. */
    private static String program(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            int nameEnd = stat.lastIndexOf(')');
            boolean ended = stat.startsWith(" Z", nameEnd + 1) || stat.startsWith(" X", nameEnd + 1);
            return ended ? "" : stat.substring(stat.indexOf('(') + 1, nameEnd);
        } catch (IOException e) {
            return "";
        }
    }
}
