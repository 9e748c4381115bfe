package org.pgark.physical.standby;

/** Hears how a standby comes into being. */
public interface StandbyListener {
    /** A fact in one line. */
    void line(String text);

    /** Something is not as it should be, but goes on. */
    void warning(String text);
}
