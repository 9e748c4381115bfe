package org.pgark.storage.s3;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

/**
 * Keeps each version of an object from being removed for a time.
 *
 * @param mode who may lift it: somebody with a special right, or nobody
 * @param period for how long
 */
record S3ObjectLock(ObjectLockMode mode, Duration period) {
    static Optional<S3ObjectLock> of(StoreSettings settings) {
        Optional<String> mode = settings.find(StoreOption.OBJECT_LOCK);
        Optional<Duration> period = settings.days(StoreOption.OBJECT_LOCK_DAYS);
        if (mode.isPresent() != period.isPresent()) {
            throw new IllegalArgumentException(
                    "\"object-lock\" and \"object-lock-days\" must be set together, or neither");
        }
        return mode.map(word -> new S3ObjectLock(mode(word), period.orElseThrow()));
    }

    private static ObjectLockMode mode(String word) {
        return switch (word) {
            case "governance" -> ObjectLockMode.GOVERNANCE;
            case "compliance" -> ObjectLockMode.COMPLIANCE;
            default ->
                throw new IllegalArgumentException(
                        "invalid value \"" + word + "\" of \"object-lock\", must be \"governance\" or \"compliance\"");
        };
    }

    /** Until when what is written or extended now is kept. */
    Instant until() {
        return Instant.now().plus(period).truncatedTo(ChronoUnit.SECONDS);
    }

    ObjectLockRetention retention() {
        return ObjectLockRetention.builder()
                .mode(ObjectLockRetentionMode.fromValue(mode.toString()))
                .retainUntilDate(until())
                .build();
    }
}
