package org.pgark.postgres.manifest;

/** Is told what JSON text holds, in its order. */
interface JsonEvents {
    void beginObject() throws ManifestException;

    void endObject() throws ManifestException;

    void beginArray() throws ManifestException;

    void endArray() throws ManifestException;

    /** The name before a value of an object. */
    void field(String name) throws ManifestException;

    /** A text, without its quotes and escapes, or a number, {@code true}, {@code false} or {@code null} as it stands. */
    void scalar(String text) throws ManifestException;
}
