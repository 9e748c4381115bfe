package org.pgark.logical.relation;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.logical.archive.TableData;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.DumpOptions;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.postgres.wire.Row;
import org.pgark.postgres.wire.RowStream;
import org.pgark.postgres.wire.ServerErrorException;
import org.pgark.postgres.wire.WireConnection;

/**
 * Rows as INSERT commands. What is written here is also read by pg_restore's simple splitter of commands: no comments, no E'' and no
 * dollar quotes.
 */
final class InsertedRows implements TableData {
    private final RowSource source;
    private final boolean named;
    private final boolean ignoresConflicts;
    private final int rowsPerCommand;

    InsertedRows(RowSource source, DumpOptions options) {
        this.source = source;
        this.named = options.has(DumpSwitch.COLUMN_INSERTS);
        this.ignoresConflicts = options.has(DumpSwitch.ON_CONFLICT_DO_NOTHING);
        this.rowsPerCommand = options.rowsPerInsert();
    }

    @Override
    public long size() {
        return source.size();
    }

    @Override
    public void write(WireConnection connection, OutputStream out) throws IOException {
        source.openForeignTable(connection);
        // with names a generated column is left out, without them it says DEFAULT
        List<Column> columns = source.table().columns().stream()
                .filter(column -> !column.isDropped() && !(column.isGenerated() && named))
                .toList();
        Writer text = new BufferedWriter(new OutputStreamWriter(out, connection.charset()));
        // pg_dump reads with a cursor, and its messages say so
        String statement = "DECLARE _pg_dump_cursor CURSOR FOR " + query(columns);
        try (RowStream rows = connection.queryStream(query(columns))) {
            statement = "FETCH 100 FROM _pg_dump_cursor";
            String end = ignoresConflicts ? " ON CONFLICT DO NOTHING;\n" : ";\n";
            String head = head(columns);
            List<InsertedValue> forms = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                forms.add(InsertedValue.of(columns.get(i), rows.columns().get(i).type()));
            }
            int inCommand = 0;
            for (Optional<Row> row = rows.next(); row.isPresent(); row = rows.next()) {
                if (inCommand == 0) {
                    text.write(head);
                }
                if (columns.isEmpty()) {
                    continue;
                }
                text.write(rowsPerCommand == 1 ? " (" : inCommand > 0 ? ",\n\t(" : "\n\t(");
                for (int i = 0; i < forms.size(); i++) {
                    text.write(i == 0 ? "" : ", ");
                    text.write(forms.get(i).text(row.get(), i, source));
                }
                text.write(")");
                if (++inCommand >= rowsPerCommand) {
                    text.write(end);
                    inCommand = 0;
                }
            }
            if (inCommand > 0) {
                text.write(end);
            }
        } catch (ServerErrorException e) {
            throw new DumpException("query failed: " + e.getMessage(), e, "Query was: " + statement);
        }
        text.write("\n\n");
        text.flush();
        source.closeForeignTable(connection);
    }

    private String query(List<Column> columns) {
        StringBuilder sql = new StringBuilder("SELECT ");
        String separator = "";
        for (Column column : columns) {
            sql.append(separator).append(column.isGenerated() ? "NULL" : source.quoted(column));
            separator = ", ";
        }
        return sql.append(" FROM ONLY ")
                .append(source.name())
                .append(source.condition().isEmpty() ? "" : " " + source.condition())
                .toString();
    }

    private String head(List<Column> columns) {
        StringBuilder sql =
                new StringBuilder("INSERT INTO ").append(source.target()).append(' ');
        if (columns.isEmpty()) {
            return sql.append("DEFAULT VALUES;\n").toString();
        }
        if (named) {
            String separator = "(";
            for (Column column : columns) {
                sql.append(separator).append(source.quoted(column));
                separator = ", ";
            }
            sql.append(") ");
        }
        return sql.append(source.table().generatesIdentityAlways() ? "OVERRIDING SYSTEM VALUE " : "")
                .append("VALUES")
                .toString();
    }
}
