package org.pgark.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.pgark.cli.configuration.KeySources;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.cli.output.Output;
import org.pgark.physical.failure.RefusedException;
import org.pgark.repository.Repository;
import org.pgark.repository.key.KeyException;
import org.pgark.repository.key.KeyHolder;
import org.pgark.repository.key.Recipient;
import org.pgark.repository.key.RepositoryKeys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code pgark key check}: tries whether each of those that are configured, or one that is named, opens a repository. */
@Command(
        name = "check",
        description = "Try each key that is configured for a repository, or the one that is named here.",
        footer = {"", "Try the key for emergencies now and then, where it is kept. Exit code 1 if a check failed."})
final class KeyCheckCommand implements Callable<Integer> {
    @ParentCommand
    private KeyCommandGroup key = new KeyCommandGroup();

    @Mixin
    private final RepositoryOption option = new RepositoryOption();

    @Mixin
    private final KeyOptions options = new KeyOptions();

    @Override
    public Integer call() throws Exception {
        Output output = key.pgark.output();
        KeySources named = options.sources(key.pgark);
        RepositoryConfiguration settings = key.settings(option);
        List<KeyHolder> holders = named.isEmpty() ? KeyHolders.of(settings) : KeyHolders.of(named, settings.store());
        CheckReport report = new CheckReport(output);
        if (holders.isEmpty()) {
            report.failed(
                    "keys",
                    "no key is configured for repository " + settings.name(),
                    "Set key-file, passphrase-command, key-command or kms in its [repository.NAME].");
        }
        boolean described = false;
        for (KeyHolder holder : holders) {
            described |= opens(settings, holder, !described, report);
        }
        output.result(report.json().put("repository", settings.name()));
        return (report.passed() ? ExitCode.DONE : ExitCode.FAILED).number();
    }

    private static boolean opens(
            RepositoryConfiguration settings, KeyHolder holder, boolean describe, CheckReport report)
            throws IOException, RefusedException {
        try (Repository repository = Repositories.open(settings, List.of(holder))) {
            RepositoryKeys keys = KeyCommandGroup.keys(repository);
            report.ok("key", holder.description() + " opens the repository as " + keys.openedBy());
            if (describe) {
                describe(settings, repository, keys, report);
            }
            return true;
        } catch (KeyException e) {
            report.failed("key", String.valueOf(e.getMessage()), e.hint());
            return false;
        }
    }

    private static void describe(
            RepositoryConfiguration settings, Repository repository, RepositoryKeys keys, CheckReport report) {
        String again = "\"pgark init\" writes what it finds into the configuration, after you have compared it.";
        if (settings.id().isPresent()) {
            report.ok("repository id", repository.id() + ", as it is pinned");
        } else {
            report.warning("repository id", repository.id() + ", not pinned", again);
        }
        if (settings.encryption().fingerprint().isPresent()) {
            report.ok("key fingerprint", keys.fingerprint() + ", as it is pinned");
        } else {
            report.warning("key fingerprint", keys.fingerprint() + ", not pinned", again);
        }
        String recipients = keys.recipients().stream().map(Recipient::toString).collect(Collectors.joining(", "));
        if (keys.recipients().size() > 1) {
            report.ok("recipients", recipients);
        } else {
            report.warning(
                    "recipients",
                    "only " + recipients,
                    "Who loses it loses every backup: \"pgark key rotate --add NAME\" adds one for emergencies.");
        }
    }
}
