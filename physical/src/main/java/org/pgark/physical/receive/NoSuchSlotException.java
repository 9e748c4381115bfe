package org.pgark.physical.receive;

/** The server has no replication slot of that name. */
public final class NoSuchSlotException extends ReplicationException {
    private static final long serialVersionUID = 1L;

    NoSuchSlotException(String name) {
        super("replication slot \"" + name + "\" does not exist");
    }
}
