package org.pgark.logical.type;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The constraints of a domain. */
final class DomainConstraints {
    private final List<DomainConstraint> checks = new ArrayList<>();
    private Optional<DomainConstraint> notNull = Optional.empty();

    void add(DomainConstraint constraint) {
        if (constraint.type() == 'c') {
            checks.add(constraint);
        } else {
            notNull = Optional.of(constraint);
        }
    }

    /** CHECKs by name. */
    List<DomainConstraint> checks() {
        return List.copyOf(checks);
    }

    /** The NOT NULL where the server keeps it as a constraint, 17 and later. */
    Optional<DomainConstraint> notNull() {
        return notNull;
    }
}
