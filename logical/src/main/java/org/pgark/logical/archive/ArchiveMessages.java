package org.pgark.logical.archive;

/** Hears what is worth a line on the way: warnings, and what {@code --verbose} shows. May be called by several threads. */
public interface ArchiveMessages {
    /** Something is odd, the work goes on. */
    void warning(String text);

    /** A step, for {@code --verbose}. */
    void info(String text);

    /** A detail, for a second {@code --verbose}. */
    default void debug(String text) {}

    /** Something failed, and the work goes on. */
    default void error(String text) {
        warning(text);
    }

    /** Hears nothing. */
    static ArchiveMessages none() {
        return new ArchiveMessages() {
            @Override
            public void warning(String text) {}

            @Override
            public void info(String text) {}
        };
    }
}
