package org.pgark.logical.relation;

import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.SystemCatalog;

/** Writes the entries of a sequence. */
final class SequenceSql {
    private final Relation sequence;
    private final EntryWriter writer;
    private final String name;

    SequenceSql(Relation sequence, EntryWriter writer) {
        this.sequence = sequence;
        this.writer = writer;
        this.name = writer.qualified(sequence);
    }

    void write() {
        SequenceFacts facts = sequence.sequence()
                .orElseThrow(() -> new DumpException("sequence \"" + sequence.name() + "\" has vanished"));
        boolean identity = sequence.facts().identitySequence();
        StringBuilder sql = new StringBuilder(identity ? identityHead() : head(facts));
        sql.append("    START WITH ").append(facts.start()).append('\n');
        sql.append("    INCREMENT BY ").append(facts.increment()).append('\n');
        sql.append(
                facts.minimum() == facts.defaultMinimum()
                        ? "    NO MINVALUE\n"
                        : "    MINVALUE " + facts.minimum() + "\n");
        sql.append(
                facts.maximum() == facts.defaultMaximum()
                        ? "    NO MAXVALUE\n"
                        : "    MAXVALUE " + facts.maximum() + "\n");
        sql.append("    CACHE ").append(facts.cache()).append(facts.cycles() ? "\n    CYCLE" : "");
        sql.append(identity ? "\n);\n" : ";\n");
        writer.add(
                sequence,
                new EntryText("SEQUENCE", sequence.name())
                        .owner(sequence.owner())
                        .define(sql.toString())
                        .drop(identity ? "" : "DROP SEQUENCE " + name + ";\n"));
        if (!identity && sequence.facts().ownerTable() != 0) {
            writeOwner();
        }
        String quoted = writer.quote(sequence.name());
        if (sequence.wants(Component.COMMENT)) {
            writer.comment(sequence, "SEQUENCE", quoted, sequence.schemaName(), sequence.owner());
        }
        if (sequence.wants(Component.SECURITY_LABEL)) {
            writer.securityLabels(sequence, "SEQUENCE", quoted, sequence.schemaName(), sequence.owner());
        }
    }

    private Relation ownerTable() {
        long oid = sequence.facts().ownerTable();
        return writer.catalog()
                .find(SystemCatalog.CLASS, oid, Relation.class)
                .orElseThrow(() -> new DumpException("failed sanity check, parent table with OID " + oid
                        + " of sequence with OID " + sequence.oid() + " not found"));
    }

    private String head(SequenceFacts facts) {
        return "CREATE " + (sequence.facts().isUnlogged() ? "UNLOGGED " : "") + "SEQUENCE " + name + "\n"
                + (facts.type().equals("bigint") ? "" : "    AS " + facts.type() + "\n");
    }

    private String identityHead() {
        Relation owner = ownerTable();
        Column column = owner.columns().get(sequence.facts().ownerColumn() - 1);
        String persistence = sequence.facts().persistence() == owner.facts().persistence()
                ? ""
                : sequence.facts().isUnlogged() ? "    UNLOGGED\n" : "    LOGGED\n";
        String generated = switch (column.identity()) {
            case 'a' -> "ALWAYS";
            case 'd' -> "BY DEFAULT";
            default -> "";
        };
        return "ALTER TABLE " + writer.qualified(owner) + " ALTER COLUMN " + writer.quote(column.name())
                + " ADD GENERATED " + generated + " AS IDENTITY (\n    SEQUENCE NAME " + name + "\n" + persistence;
    }

    /** A separate entry, since the sequence must belong to the table's owner first. */
    private void writeOwner() {
        Relation owner = ownerTable();
        if (owner.wants(Component.DEFINITION)) {
            writer.attach(new EntryText("SEQUENCE OWNED BY", sequence.name())
                    .schema(sequence.schemaName())
                    .owner(sequence.owner())
                    .dependsOn(sequence.dumpId())
                    .define("ALTER SEQUENCE " + name + " OWNED BY " + writer.qualified(owner) + "."
                            + writer.quote(owner.columnName(sequence.facts().ownerColumn())) + ";\n"));
        }
    }
}
