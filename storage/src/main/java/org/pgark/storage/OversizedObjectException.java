package org.pgark.storage;

import java.io.IOException;

/** An object has more bytes than one of its kind ever has. */
public final class OversizedObjectException extends IOException {
    private static final long serialVersionUID = 1L;
    private final long size;

    /** Names the object and its size in bytes. */
    public OversizedObjectException(ObjectName name, long size) {
        super("object \"" + name + "\" has " + size + " bytes");
        this.size = size;
    }

    /** The object's size in bytes. */
    public long size() {
        return size;
    }
}
