package org.pgark.postgres.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows of one statement as they arrive. Closing early cancels the statement and reads what is left. */
public final class RowStream implements Answer, AutoCloseable {
    private final Exchange exchange;
    private final RowShape shape;
    private String tag = "";
    private boolean ended;

    RowStream(Exchange exchange, RowShape shape) {
        this.exchange = exchange;
        this.shape = shape;
    }

    /** The columns. */
    public List<Column> columns() {
        return shape.columns();
    }

    /** The next row; empty at the end. */
    public Optional<Row> next() throws IOException {
        if (ended) {
            return Optional.empty();
        }
        MessageReader reader = exchange.reader();
        int type = exchange.nextMessage();
        if (type == 'D') {
            return Optional.of(reader.row(shape));
        }
        if (type == 'C') {
            tag = reader.text(exchange.charset());
            ended = true;
            exchange.partEnded();
            return Optional.empty();
        }
        throw exchange.unexpected(type, "rows");
    }

    /** The command tag, known at the end. */
    public String tag() {
        return tag;
    }

    List<Row> readAll() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (Optional<Row> row = next(); row.isPresent(); row = next()) {
            rows.add(row.get());
        }
        return rows;
    }

    void drain() throws IOException {
        Optional<Row> row;
        do {
            row = next();
        } while (row.isPresent());
    }

    @Override
    public void close() throws IOException {
        exchange.abandon(ended);
    }
}
