package org.pgark.postgres.wire;

/** Hears the notices and warnings of a server. */
@FunctionalInterface
public interface NoticeListener {
    /** Takes one notice; called on the thread that uses the connection. */
    void notice(ServerMessage notice);

    /** Hears nothing. */
    static NoticeListener none() {
        return _ -> {};
    }
}
