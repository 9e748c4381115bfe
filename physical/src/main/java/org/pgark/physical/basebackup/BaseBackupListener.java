package org.pgark.physical.basebackup;

/** Hears how a base backup goes on. */
public interface BaseBackupListener {
    /** A line for who asked for many. */
    void verbose(String line);

    /** A line that is printed always. */
    void info(String line);

    /** Something failed that does not end the program by itself. */
    void error(String line);

    /** The server was asked for its checkpoint. */
    void waitingForCheckpoint();

    /** How much is to come, where the server was asked to estimate it. */
    void expected(long kilobytes, int tablespaces);

    /** A file is written from now on. */
    void file(String path);

    /** So many bytes have come, and so many tablespaces are complete; {@code news} if it is worth showing at once. */
    void progress(long bytes, int tablespaces, boolean news);

    /** All data has come. */
    void received(int tablespaces);
}
