package org.pgark.logical.catalog;

import java.util.Map;
import java.util.Set;

/** Decides which components of an object are dumped. */
public final class Selection {
    /** The last OID that initdb may give. */
    public static final long LAST_BUILT_IN_OID = 16383;

    private static final long PG_DATABASE_OWNER = 6171;

    /** Before, only the privileges on the schema public were dumped. */
    private static final int FIRST_WITH_OWNER_OF_PUBLIC = 15;

    private final DumpOptions options;
    private final Catalog catalog;
    private final Map<PatternUse, Set<Long>> named;

    /**
     * Makes the rules of one dump.
     *
     * @param named OIDs of what the patterns match
     */
    public Selection(DumpOptions options, Catalog catalog, Map<PatternUse, Set<Long>> named) {
        this.options = options;
        this.catalog = catalog;
        this.named = Map.copyOf(named);
    }

    /** OIDs of what the patterns of this use match, those with children under the use without them. */
    public Set<Long> named(PatternUse use) {
        return named.getOrDefault(use, Set.of());
    }

    private Components onlyIfNamed(PatternUse use, long oid) {
        return named(use).contains(oid) ? Components.ALL : Components.NONE;
    }

    /** What is dumped of an object that lives in no schema and was not named. */
    public Components outsideSchemas() {
        return options.includesEverything() ? Components.ALL : Components.NONE;
    }

    /** The rule for most kinds: as the schema says; what lives in no schema is dumped when everything is. */
    public void select(DumpObject object) {
        if (!adoptExtensionMembership(object)) {
            object.want(object.schema().map(Schema::wantedOfContents).orElseGet(this::outsideSchemas));
        }
    }

    /** The rule for kinds without schema whose built-in objects are told by their OID (casts, access methods). */
    public void selectUnlessBuiltIn(DumpObject object) {
        if (!adoptExtensionMembership(object)) {
            object.want(object.oid() <= LAST_BUILT_IN_OID ? Components.NONE : outsideSchemas());
        }
    }

    /**
     * Looks whether an object belongs to an extension, which comes before every other rule: the extension makes it, only changed
     * privileges are dumped.
     */
    public boolean adoptExtensionMembership(DumpObject object) {
        return catalog.extensionOf(object.id())
                .map(extension -> {
                    object.markExtensionMember();
                    object.dependOn(extension);
                    object.want(extension.wantedOfContents().and(Components.PRIVILEGES));
                    return true;
                })
                .orElse(false);
    }

    void selectSchema(Schema schema, long ownerOid) {
        Components wanted;
        Components contents;
        if (!named(PatternUse.INCLUDE_TABLE).isEmpty()) {
            wanted = contents = Components.NONE;
        } else if (!named(PatternUse.INCLUDE_SCHEMA).isEmpty()) {
            wanted = contents = onlyIfNamed(PatternUse.INCLUDE_SCHEMA, schema.oid());
        } else if (schema.name().equals("pg_catalog")) {
            wanted = contents = Components.PRIVILEGES;
        } else if (schema.name().startsWith("pg_") || schema.name().equals("information_schema")) {
            wanted = contents = Components.NONE;
        } else if (schema.name().equals("public")) {
            schema.alwaysExists();
            wanted = options.emulated() < FIRST_WITH_OWNER_OF_PUBLIC
                    ? Components.PRIVILEGES
                    : ownerOid == PG_DATABASE_OWNER ? Components.ALL.without(Component.DEFINITION) : Components.ALL;
            contents = Components.ALL;
        } else {
            wanted = contents = Components.ALL;
        }
        if (named(PatternUse.EXCLUDE_SCHEMA).contains(schema.oid())) {
            wanted = contents = Components.NONE;
        }
        schema.want(wanted);
        schema.wantOfContents(contents);
        adoptExtensionMembership(schema);
    }

    void selectExtension(Extension extension) {
        Components wanted;
        if (extension.oid() <= LAST_BUILT_IN_OID) {
            wanted = Components.PRIVILEGES;
        } else {
            wanted = named(PatternUse.INCLUDE_EXTENSION).isEmpty()
                    ? outsideSchemas()
                    : onlyIfNamed(PatternUse.INCLUDE_EXTENSION, extension.oid());
            if (named(PatternUse.EXCLUDE_EXTENSION).contains(extension.oid())) {
                wanted = Components.NONE;
            }
        }
        extension.want(wanted);
        extension.wantOfContents(wanted);
    }

    /** The rule for tables, views, sequences: as named, else as their schema says. */
    public void selectRelation(DumpObject relation) {
        if (adoptExtensionMembership(relation)) {
            return;
        }
        Components wanted = named(PatternUse.INCLUDE_TABLE).isEmpty()
                ? relation.schema().map(Schema::wantedOfContents).orElse(Components.NONE)
                : onlyIfNamed(PatternUse.INCLUDE_TABLE, relation.oid());
        relation.want(named(PatternUse.EXCLUDE_TABLE).contains(relation.oid()) ? Components.NONE : wanted);
    }
}
