package org.pgark.logical.relation;

import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.Row;

/**
 * What a sequence counts.
 *
 * @param type smallint, integer or bigint
 */
record SequenceFacts(String type, long start, long increment, long minimum, long maximum, long cache, boolean cycles) {

    static SequenceFacts of(Row row) {
        return new SequenceFacts(
                row.text("type"),
                Long.parseLong(row.text("seqstart")),
                Long.parseLong(row.text("seqincrement")),
                Long.parseLong(row.text("seqmin")),
                Long.parseLong(row.text("seqmax")),
                Long.parseLong(row.text("seqcache")),
                row.flag("seqcycle"));
    }

    long defaultMinimum() {
        if (increment >= 0) {
            return 1;
        }
        return switch (type) {
            case "smallint" -> Short.MIN_VALUE;
            case "integer" -> Integer.MIN_VALUE;
            case "bigint" -> Long.MIN_VALUE;
            default -> throw new DumpException("unrecognized sequence type: " + type);
        };
    }

    long defaultMaximum() {
        if (increment < 0) {
            return -1;
        }
        return switch (type) {
            case "smallint" -> Short.MAX_VALUE;
            case "integer" -> Integer.MAX_VALUE;
            case "bigint" -> Long.MAX_VALUE;
            default -> throw new DumpException("unrecognized sequence type: " + type);
        };
    }
}
