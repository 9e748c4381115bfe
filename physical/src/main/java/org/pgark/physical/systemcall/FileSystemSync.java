package org.pgark.physical.systemcall;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;

/**
 * syncfs(2): makes all that was written to one file system durable. And sync_file_range(2), which has the disk begin with
 * a part of it.
 *
 * <p>Only where it tells of failed writes, which is on Linux 5.8 and later.
 */
public final class FileSystemSync {
    /** SYNC_FILE_RANGE_WRITE: hands pages to the disk and does not wait for them. */
    private static final int WRITE = 2;

    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET = CALL_STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private final MethodHandle open;
    private final MethodHandle syncfs;
    private final MethodHandle syncFileRange;
    private final MethodHandle close;

    private FileSystemSync(LinuxCalls calls) {
        Linker.Option errno = Linker.Option.captureCallState("errno");
        open = calls.function("open", LinuxCalls.OPEN, errno, LinuxCalls.OPEN_VARIADIC);
        syncfs = calls.function("syncfs", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), errno);
        syncFileRange = calls.function(
                "sync_file_range",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT),
                errno);
        close = calls.function("close", LinuxCalls.CLOSE, errno);
    }

    /** The call, if this platform has it and lets this process use it. */
    public static Optional<FileSystemSync> available() {
        return isAtLeast(System.getProperty("os.version", ""), 5, 8)
                ? LinuxCalls.available(FileSystemSync::new)
                : Optional.empty();
    }

    private static boolean isAtLeast(String version, int major, int minor) {
        String[] parts = version.split("[^0-9]+", 3);
        try {
            int first = Integer.parseInt(parts[0]);
            return first > major || (first == major && parts.length > 1 && Integer.parseInt(parts[1]) >= minor);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /**
     * Opens a directory. A write to its file system that fails from now on is told by {@link #sync(Watch)}, even if it was
     * told to someone else meanwhile.
     */
    public Watch watch(Path directory) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int descriptor =
                    (int) open.invokeExact(state, arena.allocateFrom(directory.toString()), LinuxCalls.READ_ONLY);
            if (descriptor < 0) {
                throw failed("open", directory, state);
            }
            return new Watch(directory, descriptor);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes everything on the file system of {@code directory} durable. */
    public void sync(Path directory) throws IOException {
        try (Watch watch = watch(directory)) {
            sync(watch);
        }
    }

    /** Makes everything on the file system of a directory that was opened earlier durable. */
    public void sync(Watch watch) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            if ((int) syncfs.invokeExact(state, watch.descriptor) != 0) {
                throw failed("syncfs", watch.directory, state);
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Has the disk begin to write what was written to a part of a file; says nothing of whether it does. */
    public void begin(Path file, long offset, long length) throws IOException {
        try (Watch opened = watch(file);
                Arena arena = Arena.ofConfined()) {
            int ignored = (int)
                    syncFileRange.invokeExact(arena.allocate(CALL_STATE), opened.descriptor, offset, length, WRITE);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** An open directory or file. */
    public final class Watch implements AutoCloseable {
        private final Path directory;
        private final int descriptor;

        private Watch(Path directory, int descriptor) {
            this.directory = directory;
            this.descriptor = descriptor;
        }

        @Override
        public void close() {
            try (Arena arena = Arena.ofConfined()) {
                int ignored = (int) close.invokeExact(arena.allocate(CALL_STATE), descriptor);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static IOException failed(String call, Path directory, MemorySegment state) {
        return new IOException(call + " of \"" + directory + "\" failed with error number "
                + state.get(ValueLayout.JAVA_INT, ERRNO_OFFSET));
    }
}
