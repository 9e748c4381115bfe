package org.pgark.repository.log;

import java.io.IOException;
import org.pgark.storage.ObjectName;

/** A log does not hold any more what this client has seen in it. */
public final class RolledBackLogException extends IOException {
    private static final long serialVersionUID = 1L;
    private final String memory;

    private RolledBackLogException(String message, LogMemory memory) {
        super(message);
        this.memory = memory.place();
    }

    static RolledBackLogException shorter(ObjectName entry, long last, LogMemory memory) {
        return new RolledBackLogException(
                "object \"" + entry + "\" is missing: this log was seen with it before, and now "
                        + (last == 0 ? "it has no entry" : "ends with entry " + last),
                memory);
    }

    static RolledBackLogException changed(ObjectName entry, LogMemory memory) {
        return new RolledBackLogException(
                "object \"" + entry + "\" is not the entry that was seen in this log before", memory);
    }

    /** The file that remembers what was seen; without it the log is taken as it is. */
    public String memory() {
        return memory;
    }

    /** What can be done about it, for people. */
    public String hint() {
        return "Bring the object back. If the repository was put back to an older state on purpose, remove \"" + memory
                + "\" and run the command again.";
    }
}
