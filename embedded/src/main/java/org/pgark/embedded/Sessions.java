package org.pgark.embedded;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens sessions of one database, for work that several of them share. */
@FunctionalInterface
public interface Sessions {
    /** A new session, which the caller closes. */
    Connection open() throws SQLException;
}
