package org.pgark.agent;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets go of what a process inherits from the server that started it: pipes and sockets, whose other ends wait until
 * everybody has closed them, and the working directory, which is the data directory.
 */
@SuppressWarnings("restricted")
final class Detachment {
    private static final int FIRST_OF_OURS = 3;

    private Detachment() {}

    /**
     * Closes all pipes and sockets but the standard ones, and goes to the root directory. To be called before this
     * process opens any of its own; relative paths stay what they were.
     */
    static void detach() throws IOException {
        Linker linker = Linker.nativeLinker();
        MethodHandle close = linker.downcallHandle(
                symbol(linker, "close"), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        MethodHandle chdir = linker.downcallHandle(
                symbol(linker, "chdir"), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            for (int descriptor : inheritedPipesAndSockets()) {
                int _ = (int) close.invokeExact(descriptor);
            }
            int _ = (int) chdir.invokeExact(arena.allocateFrom("/"));
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("could not let go of inherited files", e);
        }
    }

    private static MemorySegment symbol(Linker linker, String name) throws IOException {
        return linker.defaultLookup()
                .find(name)
                .orElseThrow(() -> new IOException("this platform has no function " + name));
    }

    private static List<Integer> inheritedPipesAndSockets() throws IOException {
        List<Integer> found = new ArrayList<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path entry : open) {
                int descriptor = Integer.parseInt(String.valueOf(entry.getFileName()));
                if (descriptor >= FIRST_OF_OURS && isPipeOrSocket(entry)) {
                    found.add(descriptor);
                }
            }
        }
        return found;
    }

    private static boolean isPipeOrSocket(Path entry) throws IOException {
        try {
            String target = Files.readSymbolicLink(entry).toString();
            return target.startsWith("pipe:") || target.startsWith("socket:");
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
