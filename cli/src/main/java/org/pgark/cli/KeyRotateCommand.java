package org.pgark.cli;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgark.cli.configuration.KeySources;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Words;
import org.pgark.physical.failure.RefusedException;
import org.pgark.repository.Repository;
import org.pgark.repository.key.KeyException;
import org.pgark.repository.key.KeyHolder;
import org.pgark.repository.key.Recipient;
import org.pgark.repository.key.RepositoryKeys;
import org.pgark.repository.key.RotationRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code pgark key rotate}: wraps a repository's keys anew, adds and removes recipients, starts a new data key. */
@Command(
        name = "rotate",
        description = {
            "Wrap the keys of a repository anew, under a new key, for each of its recipients.",
            "Recipients can be added and removed meanwhile. Nothing that is stored is written again."
        },
        footer = {
            "",
            "To replace a key file: add the new one, name it in the configuration of every host, remove the old one.",
            "Who was removed cannot open the repository any more, but may have kept the data keys that there were:",
            "--new-data-key seals under a new one what is written from now on; processes that run notice it within 5"
                    + " minutes.",
            "May be killed and started again at any time."
        })
final class KeyRotateCommand implements Callable<Integer> {
    @ParentCommand
    private KeyCommandGroup key = new KeyCommandGroup();

    @Mixin
    private final RepositoryOption option = new RepositoryOption();

    @Option(names = "--new-data-key", description = "seal what is written from now on under a new data key")
    private boolean newDataKey;

    @Option(
            names = "--add",
            paramLabel = "NAME",
            description = "a further recipient: what --key-file, --passphrase-command, --key-command or --kms says")
    private @Nullable String added;

    @Mixin
    private final KeyOptions options = new KeyOptions();

    @Option(
            names = "--remove",
            paramLabel = "NAME",
            description = "a recipient who cannot open the repository any more; may be repeated")
    private List<String> removed = List.of();

    @Override
    public Integer call() throws Exception {
        Output output = key.pgark.output();
        KeySources sources = options.sources(key.pgark);
        if (sources.isEmpty() != (added == null)) {
            throw key.pgark.usage(
                    "--add and one of --key-file, --passphrase-command, --key-command and --kms belong" + " together");
        }
        if (added != null && !added.matches(Recipient.NAME_FORM)) {
            throw key.pgark.usage("invalid name \"" + added
                    + "\" of --add, must be lower-case letters, digits, - and _, beginning with a letter");
        }
        RepositoryConfiguration settings = key.settings(option);
        try (Repository repository = Repositories.open(settings)) {
            RepositoryKeys keys = KeyCommandGroup.keys(repository);
            refuseLockingOut(settings, repository, keys);
            List<RepositoryKeys.Named> further = added == null
                    ? List.of()
                    : List.of(new RepositoryKeys.Named(
                            added, KeyHolders.of(sources, settings.store()).getFirst()));
            keys.rotate(
                    new RotationRequest(newDataKey, Set.copyOf(removed), further),
                    InstantSource.system(),
                    new SecureRandom());
            tell(settings, keys, output);
        }
        return ExitCode.DONE.number();
    }

    private void tell(RepositoryConfiguration settings, RepositoryKeys keys, Output output) {
        output.line("keys of repository " + settings.name() + " are revision " + keys.revision() + " now, for "
                + keys.recipients().stream().map(Recipient::toString).collect(Collectors.joining(", ")));
        output.line(
                newDataKey
                        ? "what is written from now on is sealed under data key "
                                + keys.newest().number()
                        : "data key " + keys.newest().number() + " of "
                                + Words.instant(keys.newest().created()) + " goes on to seal what is new");
        if (!removed.isEmpty() && !newDataKey) {
            output.remark("NOTE: who was removed may know data key "
                    + keys.newest().number() + "; --new-data-key starts another one");
        }
        output.result(KeyListCommand.json(settings, keys));
    }

    /** The hosts that write must not lose their way in by one command. */
    private void refuseLockingOut(RepositoryConfiguration settings, Repository repository, RepositoryKeys keys)
            throws IOException, RefusedException {
        if (removed.isEmpty()) {
            return;
        }
        Set<String> staying = new TreeSet<>();
        keys.recipients().forEach(recipient -> staying.add(recipient.name()));
        staying.removeAll(removed);
        for (Recipient recipient : keys.recipients()) {
            if (staying.contains(recipient.name()) && opens(settings, repository, recipient)) {
                return;
            }
        }
        throw new RefusedException(
                "locked_out",
                "without " + String.join(", ", removed) + " nobody who is configured here could open repository \""
                        + settings.name() + "\" any more",
                "Add the new recipient first, and name it in the configuration.");
    }

    /** Somebody who cannot be asked now opens nothing either. */
    private static boolean opens(RepositoryConfiguration settings, Repository repository, Recipient recipient)
            throws IOException {
        boolean opens = false;
        for (KeyHolder holder : KeyHolders.of(settings)) {
            try {
                opens |= holder.kind() == recipient.kind()
                        && holder.unwrap(recipient, repository.id().value()).isPresent();
            } catch (KeyException e) {
                System.getLogger(KeyRotateCommand.class.getName())
                        .log(System.Logger.Level.DEBUG, "cannot ask " + holder.description(), e);
            }
        }
        return opens;
    }
}
