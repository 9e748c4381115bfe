package org.pgark.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgark.cli.configuration.KeySources;
import picocli.CommandLine.Option;

/** Somebody who can open the keys of a repository, as the command line names him. */
final class KeyOptions {
    @Option(names = "--key-file", paramLabel = "FILE", description = "a key file that opens the repository's keys")
    @Nullable
    Path keyFile;

    @Option(
            names = "--passphrase-command",
            paramLabel = "COMMAND",
            description = "a command of the shell that prints the pass phrase that opens the repository's keys")
    @Nullable
    String passphraseCommand;

    @Option(
            names = "--key-command",
            paramLabel = "COMMAND",
            description = "a command of the shell that wraps and unwraps the repository's key")
    @Nullable
    String keyCommand;

    @Option(
            names = "--kms",
            paramLabel = "URI",
            description = "a key of a key management service that opens the repository's keys, for example"
                    + " aws-kms://arn:aws:kms:..., gcp-kms://projects/... or"
                    + " azure-kms://VAULT.vault.azure.net/keys/NAME")
    @Nullable
    String kms;

    /** What was said; at most one thing. */
    KeySources sources(PgarkCommand pgark) {
        if (Stream.of(keyFile, passphraseCommand, keyCommand, kms)
                        .filter(java.util.Objects::nonNull)
                        .count()
                > 1) {
            throw pgark.usage("--key-file, --passphrase-command, --key-command and --kms exclude each other");
        }
        return new KeySources(
                Optional.ofNullable(keyFile).map(file -> file.toAbsolutePath().normalize()),
                text(pgark, "--passphrase-command", passphraseCommand),
                text(pgark, "--key-command", keyCommand),
                text(pgark, "--kms", kms));
    }

    private static Optional<String> text(PgarkCommand pgark, String option, @Nullable String value) {
        if (value != null && value.isBlank()) {
            throw pgark.usage("invalid value \"" + value + "\" of " + option);
        }
        return Optional.ofNullable(value);
    }
}
