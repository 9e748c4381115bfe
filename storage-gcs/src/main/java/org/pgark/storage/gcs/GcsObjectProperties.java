package org.pgark.storage.gcs;

import com.google.gson.JsonObject;
import java.util.Optional;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;

/**
 * What every new object gets besides its bytes.
 *
 * @param storageClass class of packs and WAL
 * @param kmsKey the customer's key for the service's own encryption
 */
record GcsObjectProperties(Optional<String> storageClass, Optional<String> kmsKey) {
    /** Names the writer of an object, so that an answer that was lost can be told from a name that was taken. */
    static final String WRITER = "pgark-writer";

    static GcsObjectProperties of(StoreSettings settings) {
        return new GcsObjectProperties(settings.find(StoreOption.STORAGE_CLASS), settings.find(StoreOption.KMS_KEY_ID));
    }

    /** The description of a new object, as the service takes it. */
    JsonObject describe(String key, String writer) {
        JsonObject described = new JsonObject();
        described.addProperty("name", key);
        described.addProperty("contentType", "application/octet-stream");
        JsonObject metadata = new JsonObject();
        metadata.addProperty(WRITER, writer);
        described.add("metadata", metadata);
        // The log is small, read often and never worth a slower class.
        if (key.contains("/packs/") || key.contains("/wal/")) {
            storageClass.ifPresent(name -> described.addProperty("storageClass", name));
        }
        return described;
    }
}
