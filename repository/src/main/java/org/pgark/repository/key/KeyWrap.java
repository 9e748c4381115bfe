package org.pgark.repository.key;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.pgark.repository.seal.AeadCipher;
import org.pgark.repository.seal.Hkdf;

/**
 * Wraps a ring key under another key of 256 bits: AES-256-GCM under a key of its own, derived by HKDF from the wrapping key
 * and a random salt, bound to the repository, the recipient's name and kind.
 */
final class KeyWrap {
    private static final String PURPOSE = "pgark wrap 1";
    private static final String SALT = "salt";
    private static final int SALT_LENGTH = 32;

    private KeyWrap() {}

    /** A recipient whose wrapping key this is. */
    static Recipient wrap(
            String name,
            RecipientKind kind,
            Map<String, String> details,
            byte[] wrappingKey,
            byte[] ringKey,
            String repositoryId,
            RandomGenerator random) {
        byte[] salt = new byte[SALT_LENGTH];
        random.nextBytes(salt);
        Map<String, String> all = new TreeMap<>(details);
        all.put(SALT, HexFormat.of().formatHex(salt));
        byte[] wrapped = AeadCipher.sealOnce(
                Hkdf.derive(wrappingKey, salt, PURPOSE, wrappingKey.length),
                ringKey,
                associated(repositoryId, name, kind));
        return new Recipient(name, kind, all, wrapped);
    }

    /** The ring key; empty if the recipient's wrapping key is another one. */
    static Optional<byte[]> unwrap(Recipient recipient, byte[] wrappingKey, String repositoryId) {
        String salt = recipient.details().getOrDefault(SALT, "");
        if (!salt.matches("[0-9a-f]{64}")) {
            return Optional.empty();
        }
        return AeadCipher.openOnce(
                Hkdf.derive(wrappingKey, HexFormat.of().parseHex(salt), PURPOSE, wrappingKey.length),
                recipient.wrapped(),
                associated(repositoryId, recipient.name(), recipient.kind()));
    }

    private static byte[] associated(String repositoryId, String name, RecipientKind kind) {
        return (repositoryId + " " + kind.word() + " " + name).getBytes(StandardCharsets.US_ASCII);
    }
}
