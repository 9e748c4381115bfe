package org.pgark.logical.relation;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.pgark.logical.archive.TableData;
import org.pgark.postgres.wire.CopyOut;
import org.pgark.postgres.wire.WireConnection;

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
        try (CopyOut copy = connection.copyOut(statement)) {
            copy.transferTo(out);
        }
        out.write(END);
        source.closeForeignTable(connection);
    }
}
