package org.pgark.acceptance;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The content of the sample database in one line, so that a restored one can be compared with it. */
final class SampleRows {
    private static final String QUESTION = """
            SELECT (SELECT count(*) || '/' || sum(hashtext(o::text)) FROM shop.orders o) || ' '
                || (SELECT count(*) || '/' || sum(hashtext(l::text)) FROM shop.order_line l) || ' '
                || (SELECT count(*) || '/' || sum(hashtext(c::text)) FROM shop.customer c)""";

    private SampleRows() {}

    static String of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(QUESTION)) {
            answer.next();
            return answer.getString(1);
        }
    }
}
