package org.pgark.logical.relation;

import org.pgark.logical.catalog.CatalogId;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.PartObject;

/** A constraint on a table or on a domain. */
public abstract class Constraint extends PartObject {
    private final DumpObject host;
    private final char type;

    /**
     * Makes a constraint.
     *
     * @param host the table or domain
     * @param type pg_constraint.contype
     * @param separate whether it is added by a statement of its own
     */
    @SuppressWarnings("this-escape") // what is called is final and sets a field
    protected Constraint(ObjectKind kind, CatalogId id, String name, DumpObject host, char type, boolean separate) {
        super(kind, id, name, host.schema(), separate);
        this.host = host;
        this.type = type;
        want(host.wanted());
    }

    @Override
    public DumpObject host() {
        return host;
    }

    /** {@code c} check, {@code n} not null, {@code p} primary key, {@code u} unique, {@code x} exclusion, {@code f} foreign key. */
    public char type() {
        return type;
    }

    private boolean isOnDomain() {
        return !(host instanceof Relation);
    }

    /** Constraints of domains come before those of tables. */
    @Override
    public int breakTie(DumpObject other) {
        if (other instanceof Constraint constraint) {
            if (isOnDomain() != constraint.isOnDomain()) {
                return isOnDomain() ? -1 : 1;
            }
            return host.compareNames(constraint.host);
        }
        return 0;
    }
}
