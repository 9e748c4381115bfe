package org.pgark.storage.sftp;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchChangedHostKeyException;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchRevokedHostKeyException;
import com.jcraft.jsch.JSchUnknownHostKeyException;
import com.jcraft.jsch.Session;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;

/**
 * How a server is reached, and both sides prove who they are: the server by a key that is known, the user by one of his.
 *
 * @param host name or address
 * @param port where its SSH server listens
 * @param user there
 * @param knownHosts the files with the servers' keys
 * @param settings where the user's keys come from
 */
record SshAccess(String host, int port, String user, List<Path> knownHosts, StoreSettings settings) {
    private static final int PORT = 22;
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration ALIVE_INTERVAL = Duration.ofSeconds(15);
    private static final int ALIVE_MISSES = 2;
    private static final Path EVERYBODYS_KNOWN_HOSTS = Path.of("/etc/ssh/ssh_known_hosts");

    SshAccess {
        knownHosts = List.copyOf(knownHosts);
    }

    static SshAccess of(URI url, StoreSettings settings) {
        String user = Optional.ofNullable(url.getUserInfo())
                .or(() -> settings.find(StoreOption.USER))
                .orElseGet(() -> System.getProperty("user.name"));
        List<Path> files = settings.find(StoreOption.KNOWN_HOSTS_FILE)
                .map(file -> List.of(Path.of(file)))
                .orElseGet(() -> List.of(home().resolve(".ssh").resolve("known_hosts"), EVERYBODYS_KNOWN_HOSTS));
        return new SshAccess(url.getHost(), url.getPort() < 0 ? PORT : url.getPort(), user, files, settings);
    }

    private static Path home() {
        return Path.of(System.getProperty("user.home"));
    }

    /** Connects. */
    SftpChannel open() throws IOException {
        JSch ssh = new JSch();
        Session session;
        try {
            ssh.setIdentityRepository(SshIdentities.find(settings, System.getenv(), home()));
            ssh.setKnownHosts(new ByteArrayInputStream(knownKeys()));
            session = ssh.getSession(user, host, port);
        } catch (JSchException e) {
            throw failure(e);
        }
        try {
            session.setConfig("StrictHostKeyChecking", "yes");
            session.setConfig("PreferredAuthentications", "publickey");
            session.setDaemonThread(true);
            session.setServerAliveInterval((int) ALIVE_INTERVAL.toMillis());
            session.setServerAliveCountMax(ALIVE_MISSES);
            session.connect((int) CONNECT_LIMIT.toMillis());
            return new SftpChannel(session, CONNECT_LIMIT);
        } catch (JSchUnknownHostKeyException e) {
            throw new IOException(
                    "the key of " + server() + " is not in " + names() + ": " + keyOf(session, ssh)
                            + "; compare it with the server's own, then add it, as \"ssh-keyscan -p " + port + " "
                            + host
                            + "\" prints it",
                    e);
        } catch (JSchChangedHostKeyException | JSchRevokedHostKeyException e) {
            throw new IOException(
                    "the key of " + server() + " is another one than " + names()
                            + " has: the server was installed anew, or somebody stands between",
                    e);
        } catch (JSchException e) {
            throw failure(e);
        }
    }

    private IOException failure(JSchException e) {
        String message = String.valueOf(e.getMessage());
        if (message.startsWith("Auth")) {
            return new SftpLoginRefused(
                    server() + " does not let the user \"" + user + "\" in with the keys at hand", e);
        }
        if (message.contains("UnknownHostException")) {
            return new SftpConnectionLost("there is no host of the name \"" + host + "\"", e);
        }
        return new SftpConnectionLost(server() + " cannot be reached: " + reason(e), e);
    }

    private static String reason(JSchException e) {
        Throwable cause = e.getCause();
        return cause == null || cause.getMessage() == null ? String.valueOf(e.getMessage()) : cause.getMessage();
    }

    private static String keyOf(Session session, JSch ssh) {
        HostKey key = session.getHostKey();
        return key == null ? "it has none" : "it is " + key.getType() + " " + key.getFingerPrint(ssh);
    }

    private String server() {
        return host + ":" + port;
    }

    private String names() {
        return String.join(
                " or ", knownHosts.stream().map(file -> "\"" + file + "\"").toList());
    }

    private byte[] knownKeys() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Path file : knownHosts) {
            if (Files.isReadable(file)) {
                all.writeBytes(Files.readAllBytes(file));
                all.write('\n');
            } else if (settings.find(StoreOption.KNOWN_HOSTS_FILE).isPresent()) {
                throw new IOException("cannot read \"" + file + "\", which \"known-hosts-file\" names");
            }
        }
        return all.toByteArray();
    }
}
