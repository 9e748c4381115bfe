package org.pgark.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A file system that can be filled: a tmpfs in a folder of its own, which only root can make. */
public final class SmallFileSystem implements AutoCloseable {
    private final Path folder;

    private SmallFileSystem(Path folder) {
        this.folder = folder;
    }

    /** Why this process cannot make one; empty if it can. For JUnit's assumptions. */
    public static String obstacle() throws IOException {
        try (SmallFileSystem tried = mount(1 << 20)) {
            return Files.isDirectory(tried.folder()) ? "" : "the mounted folder is gone";
        } catch (CannotMountException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /**
     * Makes a file system of this size.
     *
     * @throws CannotMountException with the reason if this process may not
     */
    public static SmallFileSystem mount(long bytes) throws IOException {
        Path folder = Files.createTempDirectory("pgark-small-");
        ProgramOutcome outcome = ProgramOutcome.of(
                List.of("mount", "-t", "tmpfs", "-o", "mode=0777,size=" + bytes, "tmpfs", folder.toString()));
        if (outcome.exitStatus() != 0) {
            Files.delete(folder);
            throw new CannotMountException(
                    "cannot mount a small file system: " + outcome.errors().strip());
        }
        return new SmallFileSystem(folder);
    }

    /** Where it is mounted. */
    public Path folder() {
        return folder;
    }

    /** Writes one file until nothing more fits, and returns it: deleting it makes room again. */
    public Path fill() throws IOException {
        Path ballast = folder.resolve("ballast");
        byte[] block = new byte[4096];
        try (var stream = Files.newOutputStream(ballast, StandardOpenOption.CREATE_NEW)) {
            while (Files.getFileStore(folder).getUsableSpace() > 0) {
                stream.write(block);
            }
        }
        return ballast;
    }

    @Override
    public void close() throws IOException {
        ProgramOutcome outcome = ProgramOutcome.of(List.of("umount", "-l", folder.toString()));
        if (outcome.exitStatus() != 0) {
            throw new IOException(
                    "cannot unmount \"" + folder + "\": " + outcome.errors().strip());
        }
        Files.delete(folder);
    }

    /** This process may not mount. */
    public static final class CannotMountException extends IOException {
        CannotMountException(String message) {
            super(message);
        }
    }
}
