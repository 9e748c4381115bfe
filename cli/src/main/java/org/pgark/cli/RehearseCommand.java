package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Run once by the build while the JVM records what is loaded, so that later starts are fast. */
@Command(name = "rehearse", hidden = true)
final class RehearseCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "HOME")
    private Path home = Path.of(".");

    @Override
    public Integer call() throws IOException {
        Files.writeString(
                home.resolve("lib/aot/runtime.properties"),
                "runtime=" + System.getProperty("java.runtime.version") + "\n");
        return ExitCode.DONE.number();
    }
}
