package org.pgark.storage;

import java.io.IOException;

/** There is no object of this name. */
public final class NoSuchObjectException extends IOException {
    private static final long serialVersionUID = 1L;
    private final transient ObjectName name;

    /** Names the object and the place. */
    public NoSuchObjectException(ObjectName name, String place) {
        super("object \"" + name + "\" does not exist in " + place);
        this.name = name;
    }

    /** The object's name. */
    public ObjectName name() {
        return name;
    }
}
