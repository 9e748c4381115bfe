package org.pgark.logical.largeobject;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgark.logical.archive.LargeObjectData;
import org.pgark.logical.archive.LargeObjectSink;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.DumpListener;
import org.pgark.logical.catalog.OidArray;
import org.pgark.postgres.wire.Row;
import org.pgark.postgres.wire.ServerErrorException;
import org.pgark.postgres.wire.WireConnection;

/** Reads large objects: the beginnings of many in one round trip, for most of them are small, then the rest of the long ones. */
final class LargeObjectReader implements LargeObjectData {
    /** Objects in one round trip, and bytes of each: together 2 MiB, twice that in hexadecimal. */
    private static final int OBJECTS_AT_ONCE = 64;

    private static final Pattern NAMED_OBJECT = Pattern.compile("large object (\\d+)");
    private static final int BEGINNING = 32 * 1024;
    private static final int PIECE = 1024 * 1024;

    private final List<Long> oids;
    private final String name;
    private final DumpListener listener;

    LargeObjectReader(List<Long> oids, String name, DumpListener listener) {
        this.oids = oids;
        this.name = name;
        this.listener = listener;
    }

    @Override
    public void write(WireConnection connection, LargeObjectSink sink) throws IOException {
        listener.progress("saving large objects \"" + name + "\"");
        for (int from = 0; from < oids.size(); from += OBJECTS_AT_ONCE) {
            List<Long> some = oids.subList(from, Math.min(oids.size(), from + OBJECTS_AT_ONCE));
            List<Row> beginnings = beginnings(connection, some);
            for (int i = 0; i < some.size(); i++) {
                copy(connection, some.get(i), beginnings.get(i), sink);
            }
        }
    }

    private static List<Row> beginnings(WireConnection connection, List<Long> some) throws IOException {
        try {
            return connection.queryRows(
                    "SELECT pg_catalog.encode(pg_catalog.lo_get(src.oid, 0, " + BEGINNING + "), 'hex') FROM unnest("
                            + OidArray.sql(some) + ") WITH ORDINALITY AS src(oid, place) ORDER BY place");
        } catch (ServerErrorException e) {
            // the server's text names the object, of privileges that are missing and of objects that are gone
            Matcher named = NAMED_OBJECT.matcher(String.valueOf(e.getMessage()));
            String object = named.find()
                    ? "large object " + named.group(1)
                    : "one of the large objects " + some.getFirst() + " to " + some.getLast();
            throw new DumpException("could not open " + object + ": " + e.getMessage(), e);
        }
    }

    private static void copy(WireConnection connection, long oid, Row beginning, LargeObjectSink sink)
            throws IOException {
        // An object that is broken off is never closed, so that it does not look whole.
        OutputStream out = sink.begin(oid);
        byte[] piece = bytes(beginning);
        out.write(piece);
        long offset = piece.length;
        int asked = BEGINNING;
        while (piece.length == asked) {
            asked = PIECE;
            piece = bytes(connection
                    .queryRows("SELECT pg_catalog.encode(pg_catalog.lo_get(" + oid + ", " + offset + ", " + asked
                            + "), 'hex')")
                    .getFirst());
            out.write(piece);
            offset += piece.length;
        }
        out.close();
    }

    private static byte[] bytes(Row row) {
        return HexFormat.of().parseHex(row.string(0));
    }
}
