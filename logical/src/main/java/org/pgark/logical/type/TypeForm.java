package org.pgark.logical.type;

import org.pgark.logical.catalog.Row;

/** The forms of data types that are written differently. */
enum TypeForm {
    BASE,
    COMPOSITE,
    DOMAIN,
    ENUMERATION,
    RANGE,
    /** Comes with a range type. */
    MULTIRANGE,
    /** Announced, but not made. */
    UNDEFINED,
    /** Only the server has such. */
    PSEUDO;

    static TypeForm of(Row row) {
        return switch (row.letter("typtype")) {
            case 'b' -> BASE;
            case 'c' -> COMPOSITE;
            case 'd' -> DOMAIN;
            case 'e' -> ENUMERATION;
            case 'r' -> RANGE;
            case 'm' -> MULTIRANGE;
            default -> row.flag("typisdefined") ? PSEUDO : UNDEFINED;
        };
    }
}
