package org.pgark.logical.catalog;

/** Told of what a dump does and meets; the command line prints it. */
public interface DumpListener {
    /** What only a verbose dump says. */
    void progress(String line);

    void warning(String line);

    /** A line that explains the warning before it. */
    void detail(String line);

    /** Advice on the warning before it. */
    void hint(String line);
}
