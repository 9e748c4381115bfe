package org.pgark.storage.azure;

import com.azure.storage.blob.models.AccessTier;
import com.azure.storage.blob.models.BlobImmutabilityPolicy;
import com.azure.storage.blob.models.BlobImmutabilityPolicyMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.pgark.storage.ObjectLock;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;

/**
 * What every new object gets besides its bytes.
 *
 * @param packTier access tier of packs
 * @param walTier access tier of WAL
 * @param lock keeps blobs from being removed
 */
record AzureObjectProperties(Optional<AccessTier> packTier, Optional<AccessTier> walTier, Optional<ObjectLock> lock) {
    /** Names the writer of an object, so that an answer that was lost can be told from a name that was taken. */
    static final String WRITER = "pgark_writer";

    static AzureObjectProperties of(StoreSettings settings) {
        Optional<AccessTier> packTier = settings.find(StoreOption.STORAGE_CLASS).map(AccessTier::fromString);
        return new AzureObjectProperties(
                packTier,
                settings.find(StoreOption.WAL_STORAGE_CLASS)
                        .map(AccessTier::fromString)
                        .or(() -> packTier),
                ObjectLock.of(settings));
    }

    /** The log is small, read often and never worth a cooler tier. */
    Optional<AccessTier> tier(String key) {
        return key.contains("/packs/") ? packTier : key.contains("/wal/") ? walTier : Optional.empty();
    }

    /** What keeps a new blob from being removed. */
    Optional<BlobImmutabilityPolicy> policy(String key) {
        return lock.filter(kept -> kept.covers(key)).map(AzureObjectProperties::policy);
    }

    /** What locks a blob that is created or renewed now. */
    static BlobImmutabilityPolicy policy(ObjectLock lock) {
        return new BlobImmutabilityPolicy()
                .setExpiryTime(lock.until(Instant.now()).atOffset(ZoneOffset.UTC))
                .setPolicyMode(
                        switch (lock.mode()) {
                            case GOVERNANCE -> BlobImmutabilityPolicyMode.UNLOCKED;
                            case COMPLIANCE -> BlobImmutabilityPolicyMode.LOCKED;
                        });
    }
}
