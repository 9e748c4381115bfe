package org.pgark.repository;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The process that a session is of. It is known to be dead if this is its host and no such process runs; that spares
 * waiting for it, and nothing that is correct depends on it.
 *
 * @param host the host's name
 * @param pid its number there
 * @param started when it was started, in milliseconds since 1970; 0 if that is not known
 */
public record SessionProcess(String host, long pid, long started) {
    /** This process. */
    public static SessionProcess current() {
        ProcessHandle self = ProcessHandle.current();
        return new SessionProcess(hostName(), self.pid(), started(self));
    }

    private static long started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return InetAddress.getLoopbackAddress().getHostName();
        }
    }

    /** Whether it ran on the host of {@code here} and is dead. */
    boolean isDeadOn(SessionProcess here) {
        if (!host.equals(here.host) || pid == here.pid) {
            return false;
        }
        return ProcessHandle.of(pid)
                .filter(process -> started == 0 || started(process) == 0 || started(process) == started)
                .isEmpty();
    }
}
