package org.pgark.cli.process;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/** How much of the processors this process gets when others want them too. */
public final class ProcessPriority {
    private static final int PRIO_PROCESS = 0;

    private ProcessPriority() {}

    /**
     * Sets the nice value of this thread, and of those that it starts: setpriority(2), which on Linux is about threads. The
     * weight of disk requests follows where the kernel's scheduler knows one.
     *
     * @param nice 0 to 19; only root can go below what is set
     */
    @SuppressWarnings("restricted")
    public static void lower(int nice) throws IOException {
        Linker linker = Linker.nativeLinker();
        var setpriority = linker.downcallHandle(
                linker.defaultLookup()
                        .find("setpriority")
                        .orElseThrow(() -> new IOException("this platform has no setpriority")),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        int result;
        try {
            result = (int) setpriority.invokeExact(PRIO_PROCESS, 0, nice);
        } catch (Throwable e) {
            throw new IOException("cannot set the nice value to " + nice, e);
        }
        if (result != 0) {
            throw new IOException("cannot set the nice value to " + nice);
        }
    }
}
