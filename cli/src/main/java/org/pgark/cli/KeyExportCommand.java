package org.pgark.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.cli.output.Output;
import org.pgark.repository.Repository;
import org.pgark.repository.key.KeyFile;
import org.pgark.repository.key.RepositoryKeys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code pgark key export}: writes the keys of a repository into a file, in plain text, for a safe. */
@Command(
        name = "export",
        description = "Write the keys of a repository into a file that only you may read, for a safe.",
        footer = {
            "",
            "The file opens the repository by itself, also if its own object of keys is lost, when it is named as"
                    + " key-file.",
            "It holds the keys in PLAIN TEXT, and the data keys that there are now: export again after --new-data-key."
        })
final class KeyExportCommand implements Callable<Integer> {
    @ParentCommand
    private KeyCommandGroup key = new KeyCommandGroup();

    @Mixin
    private final RepositoryOption option = new RepositoryOption();

    @Parameters(index = "0", paramLabel = "FILE", description = "the file; it must not exist yet")
    private Path file = Path.of("");

    @Override
    public Integer call() throws Exception {
        Output output = key.pgark.output();
        RepositoryConfiguration settings = key.settings(option);
        Path path = file.toAbsolutePath().normalize();
        try (Repository repository = Repositories.open(settings)) {
            RepositoryKeys keys = KeyCommandGroup.keys(repository);
            KeyFile.write(path, keys.export(Instant.now()).text() + "\n");
            output.line("wrote the keys of repository " + settings.name() + ", revision " + keys.revision() + ", to "
                    + path + " in plain text; put it into a safe and remove it here");
            output.result(Output.object()
                    .put("file", path.toString())
                    .put("repository_id", repository.id().value())
                    .put("revision", keys.revision()));
        }
        return ExitCode.DONE.number();
    }
}
