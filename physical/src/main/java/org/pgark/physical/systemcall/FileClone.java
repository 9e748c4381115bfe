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

/** ioctl(2) with FICLONE: makes a file the same as another one by sharing its blocks, where the file system can. */
public final class FileClone {
    /** FICLONE. */
    private static final long CLONE = 0x4004_9409L;

    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET = CALL_STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private final MethodHandle open;
    private final MethodHandle ioctl;
    private final MethodHandle close;
    private final MethodHandle strerror;

    private FileClone(LinuxCalls calls) {
        Linker.Option errno = Linker.Option.captureCallState("errno");
        Linker.Option variadic = LinuxCalls.OPEN_VARIADIC;
        open = calls.function("open", LinuxCalls.OPEN, errno, variadic);
        ioctl = calls.function(
                "ioctl",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
                errno,
                variadic);
        close = calls.function("close", LinuxCalls.CLOSE);
        strerror = calls.function("strerror", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    }

    /** The call, if this platform has it and lets this process use it. */
    public static Optional<FileClone> available() {
        return LinuxCalls.available(FileClone::new);
    }

    /**
     * Makes {@code target}, which is there and empty, share all blocks of {@code source}.
     *
     * @throws IOException with the system's own words for the reason as its whole message
     */
    public void copy(Path source, Path target) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int from = opened(arena, state, source, LinuxCalls.READ_ONLY);
            try {
                int to = opened(arena, state, target, LinuxCalls.READ_AND_WRITE);
                try {
                    if ((int) ioctl.invokeExact(state, to, CLONE, from) != 0) {
                        throw failed(state);
                    }
                } finally {
                    int ignored = (int) close.invokeExact(to);
                }
            } finally {
                int ignored = (int) close.invokeExact(from);
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private int opened(Arena arena, MemorySegment state, Path file, int how) throws Throwable {
        int descriptor = (int) open.invokeExact(state, arena.allocateFrom(file.toString()), how);
        if (descriptor < 0) {
            throw failed(state);
        }
        return descriptor;
    }

    @SuppressWarnings("restricted") // the C library's texts end with a zero
    private IOException failed(MemorySegment state) throws Throwable {
        int number = state.get(ValueLayout.JAVA_INT, ERRNO_OFFSET);
        MemorySegment text = (MemorySegment) strerror.invokeExact(number);
        return new IOException(text.reinterpret(Long.MAX_VALUE).getString(0));
    }
}
