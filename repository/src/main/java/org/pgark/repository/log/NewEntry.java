package org.pgark.repository.log;

import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** What is going to be written into a log. */
public final class NewEntry {
    private final String kind;
    private final Consumer<JsonGenerator> body;
    private final byte[] packList;

    /**
     * Describes an entry.
     *
     * @param kind what it says happened
     * @param body writes the properties of its body
     * @param packList what it says about packs, encoded; empty if nothing
     */
    public NewEntry(String kind, Consumer<JsonGenerator> body, byte[] packList) {
        this.kind = kind;
        this.body = body;
        this.packList = packList.clone();
    }

    String kind() {
        return kind;
    }

    Consumer<JsonGenerator> body() {
        return body;
    }

    byte[] packList() {
        return packList;
    }
}
