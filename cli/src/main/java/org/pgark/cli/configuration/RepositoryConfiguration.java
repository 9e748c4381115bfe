package org.pgark.cli.configuration;

import java.util.Optional;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.StoreSettings;

/**
 * A repository as the configuration has it.
 *
 * @param name chosen by the user
 * @param url where it is
 * @param store what else is said of the place
 * @param id the identity that it must have, if one is pinned
 * @param encryption whether it must be encrypted, and how its keys are opened
 */
public record RepositoryConfiguration(
        String name, RepositoryUrl url, StoreSettings store, Optional<String> id, EncryptionConfiguration encryption) {
    /** The same with what was found of a repository that is there now. */
    RepositoryConfiguration pinned(RepositoryPins pins) {
        return new RepositoryConfiguration(
                name,
                url,
                store,
                Optional.of(pins.repositoryId()),
                new EncryptionConfiguration(
                        encryption.saidToBeRequired(), Optional.of(pins.keyFingerprint()), encryption.keys()));
    }
}
