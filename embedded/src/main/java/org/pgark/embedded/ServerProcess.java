package org.pgark.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One running postmaster with everything that it started. */
final class ServerProcess {
    /** The servers to end when this JVM does. */
    private static final Set<ServerProcess> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(ServerProcess::endAll, "end PostgreSQL servers"));
    }

    /*
     * A JVM that is killed runs no shutdown hook. So a shell waits at a pipe from it: a line means that the server is
     * not its business any more, the end of the pipe without one means that the JVM is gone. Then the server is stopped,
     * if the process is still that server, and its sockets are removed. SIGCONT because a frozen process takes no other
     * signal.
     */
    private static final String GUARD = """
            read -r word && exit 0
            if [ "$(head -n 1 "$2/postmaster.pid" 2>/dev/null)" = "$1" ]; then kill -QUIT "$1"; kill -CONT "$1"; fi
            rm -f "$3"/.s.PGSQL.*
            rmdir "$3"
            """;

    private final Process process;
    private final Process guard;
    private final Path dataDirectory;

    private ServerProcess(Process process, Process guard, Path dataDirectory) {
        this.process = process;
        this.guard = guard;
        this.dataDirectory = dataDirectory;
    }

    /**
     * Starts a postmaster in a session of its own, so that Ctrl-C at the terminal does not reach it.
     *
     * @param command the postmaster's command line; every program in it replaces itself by the next
     * @param sockets the folder of its sockets, for it alone
     */
    static ServerProcess start(List<String> command, Path dataDirectory, Path sockets, Path log) throws IOException {
        List<String> inOwnSession = new ArrayList<>(List.of("setsid"));
        inOwnSession.addAll(command);
        Process process = ServerProgram.builder(inOwnSession)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        Process guard = ServerProgram.builder(List.of(
                        "setsid",
                        "sh",
                        "-c",
                        GUARD,
                        "sh",
                        Long.toString(process.pid()),
                        dataDirectory.toString(),
                        sockets.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        ServerProcess server = new ServerProcess(process, guard, dataDirectory);
        RUNNING.add(server);
        return server;
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** The status line of postmaster.pid: "starting", "ready", "standby", "stopping", or empty before there is one. */
    String status() throws IOException {
        try {
            List<String> lines = Files.readAllLines(dataDirectory.resolve("postmaster.pid"), StandardCharsets.UTF_8);
            boolean own = lines.size() >= 8 && lines.getFirst().strip().equals(Long.toString(pid()));
            return own ? lines.get(7).strip() : "";
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    void signal(String name) throws IOException {
        ServerProgram.signal(name, pid());
    }

    /** Whether it ended within the time. */
    boolean ends(Duration time) throws IOException {
        boolean ended = ServerProgram.ends(process, time);
        if (ended) {
            release();
        }
        return ended;
    }

    int exitStatus() {
        return process.exitValue();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /**
     * Kills the whole tree at one moment and returns when nothing of it runs.
     *
     * @return what the kernel still holds of it
     */
    SharedMemory kill() throws IOException {
        SharedMemory leftover = SharedMemory.of(pid(), dataDirectory);
        ProcessTree.frozen(handle()).kill();
        // The kernel is done with it; now this JVM must have taken note, or it would still count as running.
        ServerProgram.await(process);
        release();
        return leftover;
    }

    /** Lets it run on when this JVM ends. */
    void release() {
        RUNNING.remove(this);
        try (OutputStream line = guard.getOutputStream()) {
            line.write('\n');
        } catch (IOException e) {
            // The guard is gone: then it guards no more, which is what was wanted.
        }
    }

    private static void endAll() {
        List<ServerProcess> servers = List.copyOf(RUNNING);
        try {
            for (ServerProcess server : servers) {
                server.signal(StopMode.IMMEDIATE.signal());
                server.signal("CONT");
            }
            for (ServerProcess server : servers) {
                // Not released: its guard still has the sockets to remove.
                if (!ServerProgram.ends(server.process, Duration.ofSeconds(6))) {
                    ProcessTree.frozen(server.handle()).kill();
                }
            }
        } catch (IOException e) {
            // The JVM ends: nobody is left to tell, and the guards end what is still there.
        }
    }
}
