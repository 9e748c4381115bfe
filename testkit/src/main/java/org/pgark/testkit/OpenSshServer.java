package org.pgark.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The OpenSSH server of this host with its own SFTP server, on a port of its own, for the user of this process. */
public final class OpenSshServer implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/sshd");
    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    private final ServiceProcess process;
    private final Path folder;

    private OpenSshServer(ServiceProcess process, Path folder) {
        this.process = process;
        this.folder = folder;
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
        int port = ServiceProcess.freePort();
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
        ServiceProcess process = ServiceProcess.start(
                "sshd",
                new ProcessBuilder(PROGRAM.toString(), "-D", "-e", "-f", settings.toString()),
                port,
                folder.resolve("sshd.log"),
                START_LIMIT);
        OpenSshServer server = new OpenSshServer(process, folder);
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

    /** The port it listens on, at 127.0.0.1. */
    public int port() {
        return process.port();
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
        process.killDescendants();
    }

    @Override
    public void close() {
        dropConnections();
        process.close();
    }
}
