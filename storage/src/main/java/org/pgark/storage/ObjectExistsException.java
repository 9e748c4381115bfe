package org.pgark.storage;

import java.io.IOException;

/** An object of this name exists already. */
public final class ObjectExistsException extends IOException {
    private static final long serialVersionUID = 1L;
    private final transient ObjectName name;

    /** Names the object and the place. */
    public ObjectExistsException(ObjectName name, String place) {
        super("object \"" + name + "\" exists already in " + place);
        this.name = name;
    }

    /** The object's name. */
    public ObjectName name() {
        return name;
    }
}
