package org.pgark.cli.configuration;

import java.nio.file.Path;
import java.util.Optional;

/**
 * By what the keys of a repository can be opened.
 *
 * @param keyFile a file with a key, absolute
 * @param passphraseCommand a command that prints a pass phrase
 * @param keyCommand a command that wraps and unwraps
 * @param kms the key of a service, as a URI
 */
public record KeySources(
        Optional<Path> keyFile, Optional<String> passphraseCommand, Optional<String> keyCommand, Optional<String> kms) {
    /** Nothing. */
    public static final KeySources NONE =
            new KeySources(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Whether there is nothing. */
    public boolean isEmpty() {
        return equals(NONE);
    }
}
