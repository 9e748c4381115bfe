package org.pgark.logical.relation;

import java.util.List;
import java.util.Optional;
import org.pgark.logical.catalog.Row;

/**
 * What pg_class says of a relation.
 *
 * @param persistence {@code p} permanent, {@code u} unlogged, {@code t} temporary
 * @param replicaIdentity {@code d} default, {@code n} nothing, {@code f} full, {@code i} an index
 * @param rowType OID of the type of its rows
 * @param typedBy OID of the composite type after which a typed table is made, else 0
 * @param ownerTable OID of the table that owns a sequence, else 0
 * @param ownerColumn number of the column that owns a sequence
 * @param options storage parameters, {@code name=value}
 * @param checkOption LOCAL or CASCADED of an updatable view, else ""
 * @param toastPages pages of the TOAST table as of its last VACUUM
 */
public record RelationFacts(
        char persistence,
        char replicaIdentity,
        long rowType,
        long typedBy,
        long foreignServer,
        long ownerTable,
        int ownerColumn,
        boolean identitySequence,
        boolean partition,
        boolean rowSecurity,
        boolean forcedRowSecurity,
        boolean withOids,
        boolean hasIndexes,
        boolean hasRules,
        boolean hasTriggers,
        int checkCount,
        String tablespace,
        Optional<String> accessMethod,
        List<String> options,
        List<String> toastOptions,
        String checkOption,
        Optional<String> privileges,
        String builtInPrivileges,
        RelationSize size,
        int toastPages) {

    public RelationFacts {
        options = List.copyOf(options);
        toastOptions = List.copyOf(toastOptions);
    }

    static RelationFacts of(Row row) {
        return new RelationFacts(
                row.letter("relpersistence"),
                row.letter("relreplident"),
                row.oid("reltype"),
                row.oid("reloftype"),
                row.oid("foreignserver"),
                row.oid("owning_tab"),
                row.integer("owning_col"),
                row.flag("is_identity_sequence"),
                row.flag("relispartition"),
                row.flag("relrowsecurity"),
                row.flag("relforcerowsecurity"),
                row.flag("relhasoids"),
                row.flag("relhasindex"),
                row.flag("relhasrules"),
                row.flag("relhastriggers"),
                row.integer("relchecks"),
                row.text("spcname"),
                row.optional("amname"),
                row.array("reloptions"),
                row.array("toast_reloptions"),
                row.text("checkoption"),
                row.optional("relacl"),
                row.text("acldefault"),
                new RelationSize(
                        row.integer("relpages"),
                        row.text("reltuples"),
                        row.integer("relallvisible"),
                        row.integer("relallfrozen")),
                row.integer("toastpages"));
    }

    /** Pages of the relation with its TOAST table, by which the order of work is planned. */
    long allPages() {
        return Integer.toUnsignedLong(size.pages()) + Integer.toUnsignedLong(toastPages);
    }

    boolean isUnlogged() {
        return persistence == 'u';
    }
}
