package org.pgark.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.StoredObject;

/** Looks at a store's objects as bytes and tampers with them. */
public final class StoreContents {
    private StoreContents() {}

    /** All objects of a repository. */
    public static List<ObjectName> names(ObjectStore store) throws IOException {
        List<ObjectName> names = new ArrayList<>();
        names.add(new ObjectName("repository"));
        for (String folder : List.of("keys", "log", "clusters")) {
            store.list(new ObjectName(folder)).stream().map(StoredObject::name).forEach(names::add);
        }
        return names;
    }

    /** An object's bytes. */
    public static byte[] bytes(ObjectStore store, ObjectName name) throws IOException {
        long size = store.size(name).orElseThrow(() -> new NoSuchObjectException(name, store.description()));
        byte[] bytes = new byte[(int) size];
        store.read(name, 0, ByteBuffer.wrap(bytes));
        return bytes;
    }

    /** Puts other bytes in an object's place. */
    public static void replace(ObjectStore store, ObjectName name, byte[] bytes) throws IOException {
        store.delete(name);
        try (ObjectWriter writer = store.create(name)) {
            writer.write(ByteBuffer.wrap(bytes));
            writer.commit();
        }
    }
}
