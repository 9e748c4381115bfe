package org.pgark.logical.relation;

import org.pgark.postgres.wire.Row;

/** How the values of one column stand in an INSERT. */
enum InsertedValue {
    NUMBER,
    BITS,
    TRUTH,
    TEXT,
    DEFAULT;

    /** Chooses by the OID of a built-in type. */
    static InsertedValue of(Column column, int type) {
        if (column.isGenerated()) {
            return DEFAULT;
        }
        return switch (type) {
            case 20, 21, 23, 26, 700, 701, 1700 -> NUMBER;
            case 1560, 1562 -> BITS;
            case 16 -> TRUTH;
            default -> TEXT;
        };
    }

    String text(Row row, int index, RowSource source) {
        if (this == DEFAULT) {
            return "DEFAULT";
        }
        if (row.isNull(index)) {
            return "NULL";
        }
        String value = row.string(index);
        return switch (this) {
            case NUMBER -> isPlainNumber(value) ? value : "'" + value + "'";
            case BITS -> "B'" + value + "'";
            case TRUTH -> value.equals("t") ? "true" : "false";
            case TEXT, DEFAULT -> source.literal(value);
        };
    }

    /** NaN and Infinity have to stand in quotes. */
    private static boolean isPlainNumber(String value) {
        return value.chars().allMatch(c -> "0123456789 +-eE.".indexOf(c) >= 0);
    }
}
