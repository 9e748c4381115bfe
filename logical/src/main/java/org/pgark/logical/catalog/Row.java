package org.pgark.logical.catalog;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One row of a query's result; columns are asked for by the name that the query gives them. */
public final class Row {
    private final Map<String, Integer> columns;
    private final org.pgark.postgres.wire.Row values;

    Row(Map<String, Integer> columns, org.pgark.postgres.wire.Row values) {
        this.columns = columns;
        this.values = values;
    }

    /** The value's text; where it is null, "". */
    public String text(String column) {
        return optional(column).orElse("");
    }

    public Optional<String> optional(String column) {
        Integer index = columns.get(column);
        if (index == null) {
            throw new IllegalArgumentException("no column \"" + column + "\" among " + columns.keySet());
        }
        return values.text(index);
    }

    /** Whether the value is null. */
    public boolean isAbsent(String column) {
        return optional(column).isEmpty();
    }

    /** An OID; 0 where the value is null. */
    public long oid(String column) {
        return optional(column).map(Long::parseLong).orElse(0L);
    }

    /** A number; 0 where the value is null. */
    public int integer(String column) {
        return optional(column).map(Integer::parseInt).orElse(0);
    }

    /** A boolean; false where the value is null. */
    public boolean flag(String column) {
        return text(column).equals("t");
    }

    /** A value of type "char"; the character 0 where it is null or empty. */
    public char letter(String column) {
        String text = text(column);
        return text.isEmpty() ? 0 : text.charAt(0);
    }

    /** An array of texts; null elements become "". */
    public List<String> array(String column) {
        return ArrayText.elements(text(column));
    }

    /** An oidvector or int2vector ("23 25"), or an array of OIDs. */
    public List<Long> oids(String column) {
        return ArrayText.numbers(text(column));
    }
}
