package org.pgark.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Processes that a test started by others, and that live on when it ends. */
final class Leftovers {
    private Leftovers() {}

    /** Ends all processes that have this folder in their command line, until there are none. */
    static void end(Path folder) {
        List<ProcessHandle> left = of(folder);
        while (!left.isEmpty()) {
            left.forEach(ProcessHandle::destroyForcibly);
            LockSupport.parkNanos(10_000_000);
            left = of(folder);
        }
    }

    private static List<ProcessHandle> of(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> commandLine(process).contains(folder.toString()))
                .toList();
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
        } catch (IOException e) {
            return "";
        }
    }
}
