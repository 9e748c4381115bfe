package org.pgark.repository.frame;

import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.pgark.repository.seal.DataKey;
import org.pgark.repository.seal.DataKeys;
import org.pgark.repository.seal.Sealing;

/** Sealing under one data key, without a key ring. */
public final class FixedSealing {
    private FixedSealing() {}

    /** Each salt consists of the bytes from {@code first} on. */
    static Sealing of(byte[] secret, String repositoryId, int first) {
        DataKey key = new DataKey(1, secret, Instant.EPOCH);
        RandomGenerator random = new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new IllegalStateException("only bytes are drawn");
            }

            @Override
            public void nextBytes(byte[] bytes) {
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) (first + i);
                }
            }
        };
        DataKeys keys = new DataKeys() {
            @Override
            public DataKey current() {
                return key;
            }

            @Override
            public Optional<DataKey> find(int number) {
                return number == 1 ? Optional.of(key) : Optional.empty();
            }
        };
        return new Sealing(keys, repositoryId, new byte[32], random);
    }
}
