package org.pgark.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.pgark.cli.demo.Demo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code pgark demo}: loses a real cluster and brings it back, as a story. */
@Command(
        name = "demo",
        description =
                "Lose a real PostgreSQL cluster and bring it back, in a temporary folder, with a server of its own.",
        footer = {"", "Exit code 0 if everything came back, 4 if the restore was refused (as with --sabotage)."})
final class DemoCommand implements Callable<Integer> {
    @ParentCommand
    private PgarkCommand pgark = PgarkCommand.NONE;

    @Option(names = "--keep", description = "keep the folder and leave the restored server running")
    private boolean keep;

    @Option(names = "--port", paramLabel = "N", description = "the server's port (default: a free one)")
    private @Nullable Integer port;

    @Option(
            names = "--pg",
            paramLabel = "MAJOR",
            defaultValue = "18",
            description = "PostgreSQL 13 to 18 (default: 18)")
    private int major;

    @Option(names = "--sabotage", description = "take one WAL segment away before the restore, which has to notice")
    private boolean sabotage;

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        if (major < 13 || major > 18) {
            throw pgark.usage("invalid value \"" + major + "\" of --pg, must be 13 to 18");
        }
        if (port != null && (port < 1 || port > 65_535)) {
            throw pgark.usage("invalid value \"" + port + "\" of --port, must be 1 to 65535");
        }
        Demo.Wish wish = new Demo.Wish(major, java.util.Optional.ofNullable(port), keep, sabotage);
        return Demo.play(wish, pgark.output()).number();
    }
}
