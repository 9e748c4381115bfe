package org.pgark.repository.frame;

import java.io.IOException;
import org.pgark.storage.ObjectName;

/** An object of the repository is not what was written. */
public final class DamagedObjectException extends IOException {
    private static final long serialVersionUID = 1L;
    private final transient ObjectName name;

    /**
     * Names the object and says what is wrong with it.
     *
     * @param reason what is wrong, for example {@code it ends after 12 bytes}
     */
    public DamagedObjectException(ObjectName name, String reason) {
        super("object \"" + name + "\" is damaged: " + reason);
        this.name = name;
    }

    /** The object's name. */
    public ObjectName name() {
        return name;
    }
}
