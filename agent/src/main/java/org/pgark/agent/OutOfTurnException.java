package org.pgark.agent;

import java.io.IOException;

/** A segment behind one that was refused, or of which that is not known, which must not get into the archive now. */
final class OutOfTurnException extends IOException {
    private static final long serialVersionUID = 1L;

    OutOfTurnException(String name, String before) {
        super("segment \"" + name + "\" comes behind \"" + before + "\", which is not archived");
    }
}
