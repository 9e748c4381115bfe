package org.pgark.cli.configuration;

import java.util.Optional;

/**
 * What the configuration says of a repository's encryption.
 *
 * @param saidToBeRequired whether it says so in words
 * @param fingerprint that the keys must have, if one is pinned
 * @param keys by what they can be opened
 */
public record EncryptionConfiguration(boolean saidToBeRequired, Optional<String> fingerprint, KeySources keys) {
    /** Nothing is said. */
    public static final EncryptionConfiguration NONE =
            new EncryptionConfiguration(false, Optional.empty(), KeySources.NONE);

    /** Whether the repository must be encrypted. */
    public boolean isRequired() {
        return saidToBeRequired || fingerprint.isPresent() || !keys.isEmpty();
    }
}
