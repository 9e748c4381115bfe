package org.pgark.logical.dump;

import org.pgark.logical.catalog.DumpListener;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.postgres.wire.WireConnection;

/** The entries that say how the rest has to be read. */
final class SpecialEntries {
    private SpecialEntries() {}

    static void write(EntryWriter writer, WireConnection connection, DumpListener listener) {
        String encoding = connection.parameter("client_encoding").orElse("UTF8");
        String standard = connection.parameter("standard_conforming_strings").orElse("on");
        listener.progress("saving encoding = " + encoding);
        writer.attach(new EntryText("ENCODING", "ENCODING").define("SET client_encoding = '" + encoding + "';\n"));
        listener.progress("saving \"standard_conforming_strings = " + standard + "\"");
        writer.attach(new EntryText("STDSTRINGS", "STDSTRINGS")
                .define("SET standard_conforming_strings = '" + standard + "';\n"));
        // a dump names everything with its schema, so it is restored without a search path
        listener.progress("saving \"search_path = \"");
        writer.attach(new EntryText("SEARCHPATH", "SEARCHPATH")
                .define("SELECT pg_catalog.set_config('search_path', '', false);\n"));
    }
}
