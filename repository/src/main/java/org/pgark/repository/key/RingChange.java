package org.pgark.repository.key;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Puts a new revision of a key ring together, under a new ring key. */
final class RingChange {
    private static final int KEY_LENGTH = 32;

    private final String repositoryId;
    private final RandomGenerator random;
    private final byte[] ringKey = new byte[KEY_LENGTH];
    private final List<Recipient> recipients = new ArrayList<>();
    private final Map<String, byte[]> wrappingKeys = new TreeMap<>();

    RingChange(String repositoryId, RandomGenerator random) {
        this.repositoryId = repositoryId;
        this.random = random;
        random.nextBytes(ringKey);
    }

    /** Wraps the new ring key for recipients of the revision before. */
    RingChange keep(List<Recipient> before, KeyRing ring, List<KeyHolder> holders) throws IOException {
        for (Recipient recipient : before) {
            byte[] wrappingKey = ring.wrappingKeys().get(recipient.name());
            if (wrappingKey == null) {
                put(rewrap(recipient, holders));
            } else {
                put(new KeyHolder.Wrapped(
                        KeyWrap.wrap(
                                recipient.name(),
                                recipient.kind(),
                                recipient.details(),
                                wrappingKey,
                                ringKey,
                                repositoryId,
                                random),
                        Optional.of(wrappingKey)));
            }
        }
        return this;
    }

    /** Only he himself can wrap for a recipient whose secret is not his own. */
    private KeyHolder.Wrapped rewrap(Recipient recipient, List<KeyHolder> holders) throws IOException {
        for (KeyHolder holder : holders) {
            if (holder.kind() == recipient.kind()
                    && holder.unwrap(recipient, repositoryId).isPresent()) {
                return holder.wrap(recipient.name(), ringKey, repositoryId, random);
            }
        }
        throw new KeyException(
                "recipient_not_at_hand",
                "the key cannot be wrapped anew for recipient " + recipient + ", who is not at hand",
                "Run this where the recipient is configured, or take the recipient out with --remove "
                        + recipient.name() + ".");
    }

    /** Wraps the new ring key for new recipients. */
    RingChange add(List<RepositoryKeys.Named> added) throws IOException {
        for (RepositoryKeys.Named named : added) {
            if (recipients.stream().anyMatch(other -> other.name().equals(named.name()))) {
                throw new KeyException("recipient_exists", "there are two recipients \"" + named.name() + "\"", "");
            }
            put(named.holder().wrap(named.name(), ringKey, repositoryId, random));
        }
        return this;
    }

    private void put(KeyHolder.Wrapped wrapped) {
        recipients.add(wrapped.recipient());
        wrapped.wrappingKey()
                .ifPresent(key -> wrappingKeys.put(wrapped.recipient().name(), key));
    }

    /** The bytes of the revision. */
    byte[] encode(long revision, Instant now, KeyRing ring) {
        return KeyRingObject.encode(
                revision, now, repositoryId, recipients, ring.withWrappingKeys(wrappingKeys), ringKey, random);
    }
}
