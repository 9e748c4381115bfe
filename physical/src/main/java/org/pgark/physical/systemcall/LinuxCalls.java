package org.pgark.physical.systemcall;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;

/** Functions of Linux's C library, on processors on which its constants are the ones that are used here. */
final class LinuxCalls {
    /** O_RDONLY | O_CLOEXEC. */
    static final int READ_ONLY = 02000000;
    /** O_RDWR | O_CLOEXEC. */
    static final int READ_AND_WRITE = 02000002;

    /** open(2) without a mode. */
    static final FunctionDescriptor OPEN =
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    /** Before the arguments of {@link #OPEN} that vary come two. */
    static final Linker.Option OPEN_VARIADIC = Linker.Option.firstVariadicArg(2);
    /** close(2). */
    static final FunctionDescriptor CLOSE = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);

    private final Linker linker;

    private LinuxCalls(Linker linker) {
        this.linker = linker;
    }

    /** What is made of such functions, if this platform has them and lets this process use them. */
    static <T> Optional<T> available(Function<LinuxCalls, T> made) {
        String processor = System.getProperty("os.arch", "");
        if (!System.getProperty("os.name", "").equals("Linux")
                || !(processor.equals("amd64") || processor.equals("aarch64"))) {
            return Optional.empty();
        }
        try {
            return Optional.of(made.apply(new LinuxCalls(Linker.nativeLinker())));
        } catch (IllegalCallerException | UnsupportedOperationException | NoSuchElementException e) {
            return Optional.empty();
        }
    }

    /** A function that is declared as the C library has it. */
    @SuppressWarnings("restricted")
    MethodHandle function(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
    }
}
