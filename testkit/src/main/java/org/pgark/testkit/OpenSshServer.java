package org.pgark.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The OpenSSH server of this host with its own SFTP server, on a port of its own, for the user of this process. */
public final class OpenSshServer implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/sshd");
    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    private final Process process;
    private final Path folder;
    private final int port;

    private OpenSshServer(Process process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    /** Why there cannot be one on this host; empty if there can. */
    public static String obstacle() {
        return Obstacle.unlessThere(PROGRAM, "install openssh-server");
    }

    /** Starts a server that knows one user's key; {@code folder} holds both sides' keys and the log. */
    public static OpenSshServer start(Path folder) throws IOException {
        key(folder.resolve("host_key"));
        key(folder.resolve("identity"));
        Files.copy(folder.resolve("identity.pub"), folder.resolve("authorized_keys"));
        if (Files.getAttribute(folder, "unix:uid").equals(0)) {
            Files.createDirectories(Path.of("/run/sshd"));
        }
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path settings = folder.resolve("sshd_config");
        Files.write(
                settings,
                List.of(
                        "Port " + port,
                        "ListenAddress 127.0.0.1",
                        "HostKey " + folder.resolve("host_key"),
                        "AuthorizedKeysFile " + folder.resolve("authorized_keys"),
                        "PidFile none",
                        "StrictModes no",
                        "UsePAM no",
                        "PasswordAuthentication no",
                        "PermitRootLogin prohibit-password",
                        "MaxStartups 100",
                        "Subsystem sftp internal-sftp"));
        Path log = folder.resolve("sshd.log");
        Process process = new ProcessBuilder(PROGRAM.toString(), "-D", "-e", "-f", settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        OpenSshServer server = new OpenSshServer(process, folder, port);
        server.awaitStart(log);
        String hostKey = Files.readString(folder.resolve("host_key.pub"));
        Files.writeString(server.knownHosts(), "[127.0.0.1]:" + port + " " + hostKey);
        return server;
    }

    /** Makes a pair of keys in a file and the same with {@code .pub}. */
    public static void key(Path file) throws IOException {
        ProgramOutcome made = ProgramOutcome.of(
                List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "pgark test", "-f", file.toString()));
        if (made.exitStatus() != 0) {
            throw new IOException("cannot make a key: " + made.errors());
        }
    }

    private void awaitStart(Path log) throws IOException {
        Instant limit = Instant.now().plus(START_LIMIT);
        while (!answers()) {
            if (!process.isAlive() || Instant.now().isAfter(limit)) {
                close();
                throw new IOException("sshd did not start: " + Files.readString(log));
            }
        }
    }

    private boolean answers() {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException e) {
            pause();
            return false;
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The port it listens on, at 127.0.0.1. */
    public int port() {
        return port;
    }

    /** The private key of the user, of the kind ed25519. */
    public Path identity() {
        return folder.resolve("identity");
    }

    /** The file that has the server's key. */
    public Path knownHosts() {
        return folder.resolve("known_hosts");
    }

    /** Ends all connections that users have at the moment; the server goes on. */
    public void dropConnections() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        dropConnections();
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
