package org.pgark.repository.key;

import java.io.IOException;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** One who can open a key ring: a key file, a pass phrase, a command, a service. For several threads. */
public interface KeyHolder {
    /** Who he is, for messages, for example {@code key file "/etc/pgark/key"}. */
    String description();

    /** As which kind of recipient he is known in a ring. */
    RecipientKind kind();

    /**
     * The ring key that is wrapped for a recipient of this kind; empty if the recipient is somebody else.
     *
     * @param repositoryId 32 hexadecimal digits
     * @throws KeyException if the holder himself cannot be asked
     */
    Optional<byte[]> unwrap(Recipient recipient, String repositoryId) throws IOException;

    /**
     * Makes a recipient of this holder.
     *
     * @param ringKey 32 bytes
     */
    Wrapped wrap(String name, byte[] ringKey, String repositoryId, RandomGenerator random) throws IOException;

    /** The ring itself, if this is one that was exported. */
    default Optional<ExportedKeys> exported() throws IOException {
        return Optional.empty();
    }

    /**
     * A recipient for whom a ring key was wrapped.
     *
     * @param recipient as the ring shows him
     * @param wrappingKey the key of {@link KeyWrap} by which it was done, which the ring keeps inside; empty if it was done
     *     elsewhere
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Wrapped(Recipient recipient, Optional<byte[]> wrappingKey) {}
}
