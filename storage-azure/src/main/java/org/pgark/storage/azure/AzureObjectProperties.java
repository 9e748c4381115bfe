package org.pgark.storage.azure;

import com.azure.storage.blob.models.AccessTier;
import java.util.Optional;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;

/**
 * What every new object gets besides its bytes.
 *
 * @param tier access tier of packs and WAL
 */
record AzureObjectProperties(Optional<AccessTier> tier) {
    /** Names the writer of an object, so that an answer that was lost can be told from a name that was taken. */
    static final String WRITER = "pgark_writer";

    static AzureObjectProperties of(StoreSettings settings) {
        return new AzureObjectProperties(
                settings.find(StoreOption.STORAGE_CLASS).map(AccessTier::fromString));
    }

    /** The log is small, read often and never worth a cooler tier. */
    Optional<AccessTier> tier(String key) {
        return key.contains("/packs/") || key.contains("/wal/") ? tier : Optional.empty();
    }
}
