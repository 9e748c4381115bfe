package org.pgark.logical.restore;

import java.io.IOException;
import java.io.OutputStream;

/** Where a restore goes: a script, or a server. */
interface RestoreTarget {
    /** Writes data into what it is given. */
    interface Content {
        void write(OutputStream out) throws IOException;
    }

    boolean isServer();

    /** Whether {@code transaction_timeout} can be set, which is new in 17. */
    boolean knowsTransactionTimeout();

    /** A comment, which a server has no use for. */
    void comment(String text) throws IOException;

    /** Commands with the line ends that a script has behind them. */
    void sql(String text) throws IOException;

    /**
     * One command that sets something up.
     *
     * @param statement the command
     * @param end what a script has behind it
     * @param failure what is said before the server's message if it fails
     * @param fatal whether the restore then ends
     */
    void setting(String statement, String end, String failure, boolean fatal) throws IOException;

    /** Begins a transaction; the text is what a script has for it. */
    void begin(String text) throws IOException;

    /** Ends a transaction; the text is what a script has for it. */
    void commit(String text) throws IOException;

    /** Goes to another database. */
    void connect(String database) throws IOException;

    /** Data of a table for a COPY. */
    void copy(String statement, String table, Content content) throws IOException;

    /** Data that is commands. */
    void commands(Content content) throws IOException;

    /** The content of a large object that is there already. */
    OutputStream largeObject(long oid) throws IOException;

    /** Makes a large object, which old archives do not do before; perhaps an older one goes first. */
    OutputStream newLargeObject(long oid, boolean drop) throws IOException;

    /** Says which item the next commands belong to. */
    void enter(RestoreItem item);

    /** Whether a command of this item failed. */
    boolean hasFailed(RestoreItem item);
}
