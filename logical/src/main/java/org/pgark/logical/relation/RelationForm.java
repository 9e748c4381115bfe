package org.pgark.logical.relation;

import org.pgark.logical.catalog.DumpException;

/** What a row of pg_class is (its relkind), as far as dumps look at it. */
public enum RelationForm {
    TABLE('r', "TABLE"),
    PARTITIONED_TABLE('p', "TABLE"),
    FOREIGN_TABLE('f', "FOREIGN TABLE"),
    VIEW('v', "VIEW"),
    MATERIALIZED_VIEW('m', "MATERIALIZED VIEW"),
    SEQUENCE('S', "SEQUENCE"),
    COMPOSITE_TYPE('c', "TYPE");

    private final char letter;
    private final String words;

    RelationForm(char letter, String words) {
        this.letter = letter;
        this.words = words;
    }

    static RelationForm of(char letter) {
        for (RelationForm form : values()) {
            if (form.letter == letter) {
                return form;
            }
        }
        throw new DumpException("unexpected relkind \"" + letter + "\"");
    }

    public char letter() {
        return letter;
    }

    /** What CREATE and DROP call it. */
    public String words() {
        return words;
    }

    /** Whether COPY ... TO can name it, or whether rows of it can be dumped at all. */
    boolean hasRows() {
        return this == TABLE || this == FOREIGN_TABLE || this == PARTITIONED_TABLE;
    }

    boolean hasTablespace() {
        return this == TABLE || this == PARTITIONED_TABLE || this == MATERIALIZED_VIEW;
    }

    boolean hasAccessMethod() {
        return this == TABLE || this == PARTITIONED_TABLE || this == MATERIALIZED_VIEW;
    }
}
