package org.pgark.repository.key;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A key file without a file. */
public final class MemoryKey implements KeyHolder {
    private final byte[] wrappingKey = new byte[32];

    /** The key of this number. */
    public MemoryKey(int number) {
        Arrays.fill(wrappingKey, (byte) number);
    }

    @Override
    public String description() {
        return "key " + wrappingKey[0];
    }

    @Override
    public RecipientKind kind() {
        return RecipientKind.KEY_FILE;
    }

    @Override
    public Optional<byte[]> unwrap(Recipient recipient, String repositoryId) {
        return KeyWrap.unwrap(recipient, wrappingKey, repositoryId);
    }

    @Override
    public Wrapped wrap(String name, byte[] ringKey, String repositoryId, RandomGenerator random) {
        return new Wrapped(
                KeyWrap.wrap(name, kind(), Map.of(), wrappingKey, ringKey, repositoryId, random),
                Optional.of(wrappingKey));
    }
}
