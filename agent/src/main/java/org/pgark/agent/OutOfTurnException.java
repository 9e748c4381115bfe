package org.pgark.agent;

import java.io.IOException;

/** A segment behind one that was refused, which must not get into the archive. */
final class OutOfTurnException extends IOException {
    private static final long serialVersionUID = 1L;

    OutOfTurnException(String name, String refused) {
        super("segment \"" + name + "\" comes behind \"" + refused + "\", which was refused");
    }
}
