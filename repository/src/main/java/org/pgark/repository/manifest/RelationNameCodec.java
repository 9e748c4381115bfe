package org.pgark.repository.manifest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.pgark.repository.frame.ByteDecoder;
import org.pgark.repository.frame.ByteEncoder;
import org.pgark.repository.frame.MalformedBytesException;

/** Names of relations as bytes: database, schema and name, separated by zero bytes, are the key in the stream. */
final class RelationNameCodec {
    private RelationNameCodec() {}

    static byte[] key(String database, String schema, String name) {
        return (database + '\0' + schema + '\0' + name).getBytes(StandardCharsets.UTF_8);
    }

    /** Writes what stands beside the key. */
    static void encode(RelationName relation, ByteEncoder target) {
        target.putNumber(relation.kind());
        target.putNumber(relation.paths().size());
        relation.paths().forEach(target::putText);
    }

    /** Reads a relation. */
    static RelationName decode(byte[] key, ByteDecoder source) throws MalformedBytesException {
        String[] names = new String(key, StandardCharsets.UTF_8).split("\0", -1);
        if (names.length != 3) {
            throw new MalformedBytesException("a name of " + names.length + " parts");
        }
        char kind = (char) source.takeNumber(Character.MAX_VALUE, "the kind of a relation");
        List<String> paths = new ArrayList<>();
        for (int rest = source.takeCount("the number of files"); rest > 0; rest--) {
            paths.add(source.takeText());
        }
        source.expectEnd();
        return new RelationName(names[0], names[1], names[2], kind, paths);
    }
}
