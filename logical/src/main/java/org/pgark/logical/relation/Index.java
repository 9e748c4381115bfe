package org.pgark.logical.relation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.pgark.logical.catalog.ChangedMeanwhileException;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** An index. One that belongs to a constraint is made by the constraint and writes only its comment. */
public final class Index extends DumpObject {
    private final Relation table;
    private final String definition;
    private final String tablespace;
    private final List<Long> keys;
    private final int keyCount;
    private final List<String> options;
    private final boolean clustered;
    private final boolean replicaIdentity;
    private final boolean nullsNotDistinct;
    private final long parent;
    private final List<Long> statisticsColumns;
    private final List<Long> statisticsTargets;
    private final List<String> expressionColumns;
    private final RelationSize size;
    private final List<IndexAttach> attachments = new ArrayList<>();
    private Optional<KeyConstraint> constraint = Optional.empty();

    Index(Row row, Relation table) {
        super(ObjectKind.INDEX, SystemCatalog.CLASS.id(row.oid("oid")), row.text("indexname"), table.schema());
        this.table = table;
        this.definition = ChangedMeanwhileException.required(row.optional("indexdef"), "index \"" + name() + "\"");
        this.tablespace = row.text("tablespace");
        this.keys = row.oids("indkey");
        this.keyCount = row.integer("indnkeyatts");
        this.options = row.array("indreloptions");
        this.clustered = row.flag("indisclustered");
        this.replicaIdentity = row.flag("indisreplident");
        this.nullsNotDistinct = row.flag("indnullsnotdistinct");
        this.parent = row.oid("parentidx");
        this.statisticsColumns = row.oids("indstatcols");
        this.statisticsTargets = row.oids("indstatvals");
        this.expressionColumns = row.array("indattnames");
        this.size = new RelationSize(
                row.integer("relpages"),
                row.text("reltuples"),
                row.integer("relallvisible"),
                row.integer("relallfrozen"));
        if (statisticsColumns.size() != statisticsTargets.size()) {
            throw new DumpException("mismatched number of columns and values for index statistics");
        }
        want(table.wanted());
    }

    public Relation table() {
        return table;
    }

    /** OID of the partitioned index that it is part of, else 0. */
    public long parent() {
        return parent;
    }

    /** The constraint that it enforces. */
    public Optional<KeyConstraint> constraint() {
        return constraint;
    }

    void enforce(KeyConstraint newConstraint) {
        this.constraint = Optional.of(newConstraint);
    }

    /** Names of its columns where some are expressions, whose statistics belong to the index; else empty. */
    public List<String> expressionColumns() {
        return expressionColumns;
    }

    public RelationSize size() {
        return size;
    }

    String tablespace() {
        return tablespace;
    }

    List<Long> keys() {
        return keys;
    }

    int keyCount() {
        return keyCount;
    }

    List<String> options() {
        return options;
    }

    boolean treatsNullsAsEqual() {
        return nullsNotDistinct;
    }

    List<IndexAttach> attachments() {
        return Collections.unmodifiableList(attachments);
    }

    void addAttachment(IndexAttach attachment) {
        attachments.add(attachment);
    }

    @Override
    public void write(EntryWriter writer) {
        String quoted = writer.quote(name());
        if (constraint.isEmpty() && wants(Component.DEFINITION)) {
            StringBuilder sql = new StringBuilder(definition).append(";\n");
            appendClustering(sql, writer);
            for (int i = 0; i < statisticsColumns.size(); i++) {
                sql.append("ALTER INDEX %s ALTER COLUMN %d SET STATISTICS %d;\n"
                        .formatted(writer.qualified(this), statisticsColumns.get(i), statisticsTargets.get(i)));
            }
            writer.appendExtensionDependencies(sql, this, "INDEX", writer.qualified(this));
            appendReplicaIdentity(sql, writer);
            // an index of a partition goes with its parent and cannot be dropped alone
            String drop = parent == 0 ? "DROP INDEX " + writer.qualified(this) + ";\n" : "";
            writer.add(
                    this,
                    new EntryText("INDEX", name())
                            .owner(table.owner())
                            .tablespace(tablespace)
                            .postData()
                            .define(sql.toString())
                            .drop(drop));
        }
        if (wants(Component.COMMENT)) {
            writer.comment(
                    this,
                    "INDEX",
                    quoted,
                    schemaName(),
                    table.owner(),
                    constraint.map(DumpObject::dumpId).orElse(dumpId()));
        }
    }

    void appendClustering(StringBuilder sql, EntryWriter writer) {
        if (clustered) {
            sql.append("\nALTER TABLE ")
                    .append(writer.qualified(table))
                    .append(" CLUSTER ON ")
                    .append(writer.quote(name()))
                    .append(";\n");
        }
    }

    void appendReplicaIdentity(StringBuilder sql, EntryWriter writer) {
        if (replicaIdentity) {
            sql.append("\nALTER TABLE ONLY ")
                    .append(writer.qualified(table))
                    .append(" REPLICA IDENTITY USING INDEX ")
                    .append(writer.quote(name()))
                    .append(";\n");
        }
    }
}
