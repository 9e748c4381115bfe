package org.pgark.cli;

import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.physical.failure.RefusedException;
import org.pgark.repository.Repository;
import org.pgark.repository.key.RepositoryKeys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code pgark key}: who can open an encrypted repository. */
@Command(
        name = "key",
        description = "Look after the keys of an encrypted repository.",
        subcommands = {
            KeyCreateCommand.class,
            KeyListCommand.class,
            KeyRotateCommand.class,
            KeyExportCommand.class,
            KeyCheckCommand.class,
        },
        footer = {
            "",
            "A repository's keys are wrapped for each of its recipients: key files, pass phrases, commands, key"
                    + " management",
            "services. Any one of them opens everything. \"pgark init\" makes the first; have a second one, kept"
                    + " elsewhere."
        })
final class KeyCommandGroup implements Runnable {
    @ParentCommand
    PgarkCommand pgark = PgarkCommand.NONE;

    @Spec
    private @org.jspecify.annotations.Nullable CommandSpec spec;

    /** The repository that was named, or the only one. */
    RepositoryConfiguration settings(RepositoryOption repository) throws ConfigurationException {
        return pgark.configuration().repository(repository.name());
    }

    static RepositoryKeys keys(Repository repository) throws RefusedException {
        return repository
                .keys()
                .orElseThrow(() -> new RefusedException(
                        "repository_not_encrypted",
                        "the repository in " + repository.description() + " is not encrypted and has no keys",
                        "A repository is encrypted from the start or never: \"pgark init --help\" tells how."));
    }

    @Override
    public void run() {
        java.util.Objects.requireNonNull(spec, "spec is null")
                .commandLine()
                .usage(pgark.invocation().out());
    }
}
