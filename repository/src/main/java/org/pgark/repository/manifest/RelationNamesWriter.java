package org.pgark.repository.manifest;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import org.pgark.repository.frame.ByteEncoder;
import org.pgark.repository.pack.PackWriter;

/** Writes the names of relations into packs, in ascending order of {@link #ORDER}. Not for several threads. */
public final class RelationNamesWriter {
    /** The order in which relations have to be added: by database, schema, name (each by its UTF-8 bytes). */
    public static final Comparator<RelationName> ORDER = (first, second) -> Arrays.compareUnsigned(
            RelationNameCodec.key(first.database(), first.schema(), first.name()),
            RelationNameCodec.key(second.database(), second.schema(), second.name()));

    private final SortedStreamWriter stream;
    private final ByteEncoder value = new ByteEncoder(256);

    /** Writes by {@code packs}, which the caller commits afterwards. */
    public RelationNamesWriter(PackWriter packs) {
        this.stream = new SortedStreamWriter(packs);
    }

    /** Adds a relation. */
    public void add(RelationName relation) throws IOException {
        value.clear();
        RelationNameCodec.encode(relation, value);
        byte[] key = RelationNameCodec.key(relation.database(), relation.schema(), relation.name());
        stream.add(key, value.toByteArray());
    }

    /** Writes what is left and says where the names begin; nothing can be added afterwards. */
    public StreamRoot finish() throws IOException {
        return stream.finish();
    }
}
