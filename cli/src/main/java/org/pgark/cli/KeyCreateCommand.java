package org.pgark.cli;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.pgark.cli.output.Output;
import org.pgark.repository.key.KeyFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code pgark key create}: makes a key file. */
@Command(
        name = "create",
        description = "Make a file with a new random key, which only you may read.",
        footer = {
            "",
            "It opens nothing yet: \"pgark init --key-file FILE\" makes a repository that it opens, and \"pgark key"
                    + " rotate",
            "--add NAME --key-file FILE\" makes it another recipient of one. No configuration is needed, so it can be"
                    + " made",
            "on the computer on which it is to be kept."
        })
final class KeyCreateCommand implements Callable<Integer> {
    @ParentCommand
    private KeyCommandGroup key = new KeyCommandGroup();

    @Parameters(index = "0", paramLabel = "FILE", description = "the file; it must not exist yet")
    private Path file = Path.of("");

    @Override
    public Integer call() throws Exception {
        Output output = key.pgark.output();
        Path path = file.toAbsolutePath().normalize();
        KeyFile.create(path, new SecureRandom());
        output.line("made key file " + path + "; keep a copy where neither the database nor the repository is");
        output.result(Output.object().put("key_file", path.toString()));
        return ExitCode.DONE.number();
    }
}
