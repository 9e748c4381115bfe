package org.pgark.postgres.wire;

import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What all rows of a result have in common. */
final class RowShape {
    static final RowShape NONE = new RowShape(List.of(), java.nio.charset.StandardCharsets.UTF_8);

    private final List<Column> columns;
    private final Charset charset;
    private final Map<String, Integer> indexes = new HashMap<>();

    RowShape(List<Column> columns, Charset charset) {
        this.columns = List.copyOf(columns);
        this.charset = charset;
        for (int index = 0; index < columns.size(); index++) {
            indexes.putIfAbsent(columns.get(index).name(), index);
        }
    }

    List<Column> columns() {
        return columns;
    }

    Charset charset() {
        return charset;
    }

    int index(String column) {
        Integer index = indexes.get(column);
        if (index == null) {
            throw new IllegalArgumentException("result has no column \"" + column + "\", it has " + indexes.keySet());
        }
        return index;
    }
}
