package org.pgark.physical.walreceiver;

/** Hears what happens to a receiver of WAL. Called by several threads. */
public interface ReceiverListener {
    /** Something that a reader of the log wants to know. */
    void info(String line);

    /** Something that is wrong, or may become so. */
    void warning(String line);
}
