package org.pgark.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** A service of this host in a process of its own, which listens on one port of the loopback address. */
final class ServiceProcess implements AutoCloseable {
    private final Process process;
    private final int port;

    private ServiceProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** A port on which nothing listens at the moment. */
    static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /**
     * Starts a service and waits until it listens.
     *
     * @param name what it is called in the message if it does not come up
     * @param log where its output goes
     */
    static ServiceProcess start(String name, ProcessBuilder command, int port, Path log, Duration limit)
            throws IOException {
        Process process =
                command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        ServiceProcess started = new ServiceProcess(process, port);
        Instant end = Instant.now().plus(limit);
        while (!started.answers()) {
            if (!process.isAlive() || Instant.now().isAfter(end)) {
                started.close();
                throw new IOException(name + " did not start: " + Files.readString(log));
            }
        }
        return started;
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

    int port() {
        return port;
    }

    /** Kills what the service has started; itself it goes on. */
    void killDescendants() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
