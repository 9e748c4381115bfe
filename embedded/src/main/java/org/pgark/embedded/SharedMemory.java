package org.pgark.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a killed server leaves in the kernel: a small System V segment, and files in /dev/shm. The next start on the same
 * data directory clears them away; where there will be none, they must be removed.
 */
final class SharedMemory {
    private static final String SEGMENT_FILES = "/dev/shm/PostgreSQL.";

    private final Set<Path> files = new LinkedHashSet<>();
    private final Set<String> segments = new LinkedHashSet<>();

    /** Notes what a running server has. */
    static SharedMemory of(long pid, Path dataDirectory) throws IOException {
        SharedMemory memory = new SharedMemory();
        for (String mapping : lines(Path.of("/proc/" + pid + "/maps"))) {
            int name = mapping.indexOf(SEGMENT_FILES);
            if (name >= 0) {
                memory.files.add(Path.of(mapping.substring(name).split(" ", 2)[0]));
            }
        }
        List<String> postmasterPid = lines(dataDirectory.resolve("postmaster.pid"));
        if (postmasterPid.size() >= 7) {
            String[] keyAndId = postmasterPid.get(6).strip().split(" +", -1);
            memory.segments.add(keyAndId[keyAndId.length - 1]);
        }
        return memory;
    }

    /** Removes it; what is gone already is fine. */
    void remove() throws IOException {
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
        for (String segment : segments) {
            ServerProgram.succeeds(List.of("ipcrm", "--shmem-id", segment));
        }
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
