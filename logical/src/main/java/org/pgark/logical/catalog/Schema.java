package org.pgark.logical.catalog;

import java.util.Optional;

/** A schema. The schema public exists in every new database: only what differs from that one is dumped of it. */
public final class Schema extends Container {
    private final String owner;
    private final Privileges privileges;
    private boolean creates = true;

    Schema(CatalogId id, String name, String owner, Privileges privileges) {
        super(ObjectKind.SCHEMA, id, name, Optional.empty());
        this.owner = owner;
        this.privileges = privileges;
    }

    public String owner() {
        return owner;
    }

    /** Its definition is no CREATE SCHEMA, since a new database has it. */
    void alwaysExists() {
        this.creates = false;
    }

    @Override
    public void write(EntryWriter writer) {
        String quoted = writer.quote(name());
        if (wants(Component.DEFINITION)) {
            String create =
                    creates ? "CREATE SCHEMA " + quoted + ";\n" : "-- *not* creating schema, since initdb creates it\n";
            String drop =
                    creates ? "DROP SCHEMA " + quoted + ";\n" : "-- *not* dropping schema, since initdb creates it\n";
            writer.add(
                    this,
                    new EntryText("SCHEMA", name()).owner(owner).define(create).drop(drop));
        }
        // with all names quoted pg_dump takes the standard comment for one of the user's
        if (wants(Component.COMMENT) && (creates || !quoted.equals(name()))) {
            writer.comment(this, "SCHEMA", quoted, "", owner);
        } else if (wants(Component.COMMENT)) {
            writer.commentUnless("standard public schema", this, "SCHEMA", quoted, owner);
        }
        if (wants(Component.SECURITY_LABEL)) {
            writer.securityLabels(this, "SCHEMA", quoted, "", owner);
        }
        if (wants(Component.PRIVILEGES)) {
            writer.privileges(this, "SCHEMA", quoted, "", owner, privileges);
        }
    }
}
