package org.pgark.logical.relation;

import java.util.Optional;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;

/** Where a sequence has got to. */
final class SequenceValue extends RelationData {
    private Optional<String> arguments = Optional.empty();

    SequenceValue(Relation sequence) {
        super(ObjectKind.SEQUENCE_SET, sequence);
    }

    void reached(long value, boolean called) {
        this.arguments = Optional.of(value + ", " + called);
    }

    @Override
    public void write(EntryWriter writer) {
        if (wants(Component.DATA)) {
            String reached = arguments.orElseThrow(
                    () -> new DumpException(
                            "failed to get data for sequence \"" + name()
                                    + "\"; user may lack SELECT privilege on the sequence or the sequence may have been concurrently dropped"));
            writer.attach(new EntryText("SEQUENCE SET", name())
                    .schema(schemaName())
                    .owner(relation().owner())
                    .inData()
                    .dependsOn(relation().dumpId())
                    .define("SELECT pg_catalog.setval(" + writer.literal(writer.qualified(relation())) + ", " + reached
                            + ");\n"));
        }
    }
}
