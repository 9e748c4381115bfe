package org.pgark.storage.gcs;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.Optional;
import org.pgark.storage.ObjectLock;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;

/**
 * What every new object gets besides its bytes.
 *
 * @param packClass class of packs
 * @param walClass class of WAL
 * @param lock keeps objects from being removed
 * @param kmsKey the customer's key for the service's own encryption
 */
record GcsObjectProperties(
        Optional<String> packClass, Optional<String> walClass, Optional<ObjectLock> lock, Optional<String> kmsKey) {
    /** Names the writer of an object, so that an answer that was lost can be told from a name that was taken. */
    static final String WRITER = "pgark-writer";

    static GcsObjectProperties of(StoreSettings settings) {
        Optional<String> packClass = settings.find(StoreOption.STORAGE_CLASS);
        return new GcsObjectProperties(
                packClass,
                settings.find(StoreOption.WAL_STORAGE_CLASS).or(() -> packClass),
                ObjectLock.of(settings),
                settings.find(StoreOption.KMS_KEY_ID));
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
        Optional<String> storageClass =
                key.contains("/packs/") ? packClass : key.contains("/wal/") ? walClass : Optional.empty();
        storageClass.ifPresent(name -> described.addProperty("storageClass", name));
        lock.filter(kept -> kept.covers(key)).ifPresent(kept -> described.add("retention", retention(kept)));
        return described;
    }

    /** What locks an object that is created or renewed now. */
    static JsonObject retention(ObjectLock lock) {
        JsonObject retention = new JsonObject();
        retention.addProperty(
                "mode",
                switch (lock.mode()) {
                    case GOVERNANCE -> "Unlocked";
                    case COMPLIANCE -> "Locked";
                });
        retention.addProperty("retainUntilTime", lock.until(Instant.now()).toString());
        return retention;
    }
}
