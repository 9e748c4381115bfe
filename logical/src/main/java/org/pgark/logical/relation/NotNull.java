package org.pgark.logical.relation;

import java.util.Optional;

/**
 * What is known of a column's NOT NULL.
 *
 * @param name absent without the constraint, "" where its name need not be written
 * @param local whether this table has it by itself, not only by inheritance
 * @param invalid whether it is NOT VALID, and hence a constraint of its own in the dump
 * @param comment a comment on the constraint
 */
record NotNull(Optional<String> name, boolean local, boolean noInherit, boolean invalid, Optional<String> comment) {
    boolean isSet() {
        return name.isPresent();
    }

    NotNull withLocal(boolean newLocal) {
        return new NotNull(name, newLocal, noInherit, invalid, comment);
    }
}
