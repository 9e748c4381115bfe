package org.pgark.cli.process;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;

/** Replaces this process by another program: execve(2), so that signals, exit code and terminal are the program's own. */
@SuppressWarnings("restricted")
final class ProcessReplacement {
    private ProcessReplacement() {}

    /**
     * Never returns.
     *
     * @param command the program's absolute path and its arguments
     * @throws IOException if the program could not be started; this process goes on
     */
    static void exec(List<String> command, Map<String, String> environment) throws IOException {
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment symbol = linker.defaultLookup()
                    .find("execve")
                    .orElseThrow(() -> new IOException("this platform has no execve"));
            var execve = linker.downcallHandle(
                    symbol,
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
            MemorySegment path = arena.allocateFrom(command.getFirst());
            MemorySegment arguments = strings(arena, command);
            MemorySegment variables = strings(
                    arena,
                    environment.entrySet().stream()
                            .map(variable -> variable.getKey() + "=" + variable.getValue())
                            .toList());
            int result = (int) execve.invokeExact(path, arguments, variables);
            throw new IOException("could not start \"" + command.getFirst() + "\" (execve returned " + result + ")");
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("could not start \"" + command.getFirst() + "\"", e);
        }
    }

    private static MemorySegment strings(Arena arena, List<String> texts) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
        for (int index = 0; index < texts.size(); index++) {
            array.setAtIndex(ValueLayout.ADDRESS, index, arena.allocateFrom(texts.get(index)));
        }
        array.setAtIndex(ValueLayout.ADDRESS, texts.size(), MemorySegment.NULL);
        return array;
    }
}
