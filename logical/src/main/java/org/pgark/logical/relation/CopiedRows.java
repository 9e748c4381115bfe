package org.pgark.logical.relation;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.pgark.logical.archive.TableData;
import org.pgark.logical.catalog.DumpException;
import org.pgark.postgres.wire.CopyOut;
import org.pgark.postgres.wire.ServerErrorException;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.postgres.wire.WireException;

/** Rows in the text format of COPY. */
final class CopiedRows implements TableData {
    private static final byte[] END = "\\.\n\n\n".getBytes(StandardCharsets.US_ASCII);

    private final RowSource source;

    CopiedRows(RowSource source) {
        this.source = source;
    }

    @Override
    public long size() {
        return source.size();
    }

    @Override
    public void write(WireConnection connection, OutputStream out) throws IOException {
        source.announce();
        source.openForeignTable(connection);
        String statement = source.copyStatement();
        try (CopyOut copy = begin(connection, statement)) {
            copy.transferTo(out);
        } catch (WireException e) {
            // upstream names the function of libpq that fails: the one for the next row, or the one for the end
            String function = e instanceof ServerErrorException ? "PQgetResult()" : "PQgetCopyData()";
            throw new DumpException(
                    "Dumping the contents of table \"" + source.table().name() + "\" failed: " + function + " failed.",
                    e,
                    List.of("Error message from server: " + e.getMessage(), "Command was: " + statement));
        }
        out.write(END);
        source.closeForeignTable(connection);
    }

    private static CopyOut begin(WireConnection connection, String statement) throws IOException {
        try {
            return connection.copyOut(statement);
        } catch (ServerErrorException e) {
            throw new DumpException("query failed: " + e.getMessage(), e, "Query was: " + statement);
        }
    }
}
