package org.pgark.repository.frame;

import java.io.IOException;
import org.pgark.storage.ObjectName;

/** An object was written by a version of pgark that knows more than this one. */
public final class NewerFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the object and what is not known.
     *
     * @param what what this version does not know, for example {@code format version 2}
     */
    public NewerFormatException(ObjectName name, String what) {
        super("object \"" + name + "\" was written by a newer version of pgark: " + what + " is not known here");
    }
}
