package org.pgark.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Finds out what a store does with an object whose name is taken. */
public final class TakenNames {
    private TakenNames() {}

    /**
     * Whether a store refuses it. Tried with an object in a folder that nobody else uses, which is deleted in the end.
     *
     * @return false if the store replaces the object that has the name, or cannot be asked not to
     * @throws IOException if it could not be found out
     */
    public static boolean areRefused(ObjectStore store, ObjectName folder) throws IOException {
        ObjectName name = folder.child("taken");
        try {
            write(store, name, "first");
            try {
                write(store, name, "other");
                return false;
            } catch (ObjectExistsException e) {
                return read(store, name).equals("first");
            }
        } catch (NoConditionException e) {
            return false;
        } finally {
            store.delete(name);
        }
    }

    private static void write(ObjectStore store, ObjectName name, String content) throws IOException {
        try (ObjectWriter writer = store.create(name)) {
            writer.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.US_ASCII)));
            writer.commit();
        }
    }

    private static String read(ObjectStore store, ObjectName name) throws IOException {
        byte[] content = new byte["first".length()];
        store.read(name, 0, ByteBuffer.wrap(content));
        return new String(content, StandardCharsets.US_ASCII);
    }
}
