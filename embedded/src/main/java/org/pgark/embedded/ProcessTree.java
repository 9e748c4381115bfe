package org.pgark.embedded;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A process with all that descend from it, held still by SIGSTOP until it is thawed or killed. */
public final class ProcessTree implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 2;

    private final List<ProcessHandle> members;

    private ProcessTree(List<ProcessHandle> members) {
        this.members = members;
    }

    /** Freezes a process and all that descend from it, at one moment as far as others can see. */
    public static ProcessTree frozen(ProcessHandle root) throws IOException {
        Set<ProcessHandle> members = new LinkedHashSet<>();
        List<ProcessHandle> fresh = List.of(root);
        // A member that is not yet frozen may start another one: look again until nothing new is found.
        while (!fresh.isEmpty()) {
            for (ProcessHandle member : fresh) {
                ServerProgram.signal("STOP", member.pid());
                members.add(member);
            }
            fresh = root.descendants().filter(found -> !members.contains(found)).toList();
        }
        return new ProcessTree(new ArrayList<>(members));
    }

    /** The processes, the root first. */
    public List<ProcessHandle> members() {
        return Collections.unmodifiableList(members);
    }

    /** Kills all of them by SIGKILL and returns when none of them runs. */
    public void kill() throws IOException {
        members.forEach(ProcessHandle::destroyForcibly);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (ProcessHandle member : members) {
            while (runs(member)) {
                if (System.nanoTime() > deadline) {
                    throw new ServerException(
                            "process " + member.pid() + " outlived SIGKILL for " + PATIENCE.toSeconds() + " s");
                }
                sleep();
            }
        }
    }

    /** Lets all of them run on. */
    public void thaw() throws IOException {
        for (ProcessHandle member : members.reversed()) {
            ServerProgram.signal("CONT", member.pid());
        }
    }

    /** Thaws what still lives. */
    @Override
    public void close() throws IOException {
        thaw();
    }

    /** A zombie holds nothing any more, and where process 1 does not reap it stays for ever. */
    private static boolean runs(ProcessHandle member) {
        try {
            String stat = Files.readString(Path.of("/proc/" + member.pid() + "/stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException gone) {
            return false;
        }
    }

    private static void sleep() throws InterruptedIOException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while killing processes");
        }
    }
}
