package org.pgark.postgres.wire;

import java.util.Arrays;
import java.util.Optional;

/** One row of a result; values are decoded when they are asked for. Columns count from 0 or go by name. */
public final class Row {
    private static final int MOST_DIGITS = 18;

    private final RowShape shape;
    private final byte[] values;
    /** Where each value begins in {@link #values}, and behind the last one the end. */
    private final int[] starts;
    /** Length of each value, -1 for NULL. */
    private final int[] lengths;

    Row(RowShape shape, byte[] values, int[] starts, int[] lengths) {
        this.shape = shape;
        this.values = values;
        this.starts = starts;
        this.lengths = lengths;
    }

    /** How many values the row has. */
    public int size() {
        return lengths.length;
    }

    /** Whether a value is NULL. */
    public boolean isNull(int column) {
        return lengths[column] < 0;
    }

    /** Whether a value is NULL. */
    public boolean isNull(String column) {
        return isNull(shape.index(column));
    }

    /** The text of a value; absent for NULL. */
    public Optional<String> text(int column) {
        return isNull(column) ? Optional.empty() : Optional.of(string(column));
    }

    /** The text of a value; absent for NULL. */
    public Optional<String> text(String column) {
        return text(shape.index(column));
    }

    /** The text of a value; the empty text for NULL. */
    public String string(int column) {
        return isNull(column) ? "" : new String(values, starts[column], lengths[column], shape.charset());
    }

    /** The text of a value; the empty text for NULL. */
    public String string(String column) {
        return string(shape.index(column));
    }

    /** A whole number, also an OID beyond 2^31; NULL is an error. */
    public long number(int column) {
        if (isNull(column)) {
            throw new IllegalStateException(
                    "column \"" + shape.columns().get(column).name() + "\" is null");
        }
        long number = 0;
        for (int at = starts[column]; at < starts[column] + lengths[column]; at++) {
            int digit = values[at] - '0';
            if (digit < 0 || digit > 9 || lengths[column] > MOST_DIGITS) {
                // Signs, huge numbers, and what is none.
                return Long.parseLong(string(column));
            }
            number = number * 10 + digit;
        }
        return lengths[column] == 0 ? Long.parseLong("") : number;
    }

    /** The first byte of a value; 0 where it is NULL or empty. */
    public int firstByte(int column) {
        return lengths[column] <= 0 ? 0 : values[starts[column]] & 0xFF;
    }

    /** A whole number, also an OID beyond 2^31; NULL is an error. */
    public long number(String column) {
        return number(shape.index(column));
    }

    /** A truth value; NULL is false. */
    public boolean isTrue(int column) {
        return lengths[column] == 1 && values[starts[column]] == 't';
    }

    /** A truth value; NULL is false. */
    public boolean isTrue(String column) {
        return isTrue(shape.index(column));
    }

    /** The bytes of a value as the server sent them; none for NULL. */
    public byte[] bytes(int column) {
        return isNull(column)
                ? new byte[0]
                : Arrays.copyOfRange(values, starts[column], starts[column] + lengths[column]);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Row[");
        for (int column = 0; column < size(); column++) {
            text.append(column == 0 ? "" : ", ").append(text(column).orElse("NULL"));
        }
        return text.append(']').toString();
    }
}
