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

    private int index(String column) {
        Integer index = columns.get(column);
        if (index == null) {
            throw new IllegalArgumentException("no column \"" + column + "\" among " + columns.keySet());
        }
        return index;
    }

    /** The value's text; where it is null, "". */
    public String text(String column) {
        return values.string(index(column));
    }

    public Optional<String> optional(String column) {
        return values.text(index(column));
    }

    /** Whether the value is null. */
    public boolean isAbsent(String column) {
        return values.isNull(index(column));
    }

    /** An OID; 0 where the value is null. */
    public long oid(String column) {
        int index = index(column);
        return values.isNull(index) ? 0 : values.number(index);
    }

    /** A number; 0 where the value is null. */
    public int integer(String column) {
        return Math.toIntExact(oid(column));
    }

    /** A boolean; false where the value is null. */
    public boolean flag(String column) {
        return values.isTrue(index(column));
    }

    /** A value of type "char"; the character 0 where it is null or empty. */
    public char letter(String column) {
        return (char) values.firstByte(index(column));
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
