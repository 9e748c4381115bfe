package org.pgark.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.pgark.embedded.FileTree;
import org.pgark.repository.key.KeyFile;
import org.pgark.repository.key.RepositoryKeys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Run once by the build while the JVM records what is loaded, so that later starts are fast: the commands that a person
 * waits for, on a repository of one small backup, plain and encrypted, the programs with PostgreSQL's names, the archive
 * worker, for which the server's first segment waits, and on a small server dumps, backups and a restore. Since every start pays
 * for all that is recorded, what only some need is recorded by processes of their own.
 */
@Command(name = "rehearse", hidden = true)
final class RehearseCommand implements Callable<Integer> {
    private static final int MOST_CLEARINGS = 50;

    @Parameters(index = "0", paramLabel = "HOME")
    private Path home = Path.of(".");

    @Option(
            names = "--class-files",
            description = "First bring the classes of all libraries into a format that can be recorded.")
    private boolean classFiles;

    @Option(names = "--stores", description = "With an object store, and without the programs.")
    private boolean stores;

    @Override
    public Integer call() throws Exception {
        if (classFiles) {
            ClassFiles.modernise(home.resolve("lib"));
            return ExitCode.DONE.number();
        }
        if (stores) {
            rehearse(true);
            return ExitCode.DONE.number();
        }
        try (TrainingProcess other =
                TrainingProcess.start(home, "stores", Map.of(), List.of("rehearse", "--stores", home.toString()))) {
            rehearse(false);
            other.await();
        }
        Files.writeString(
                home.resolve("lib/aot/runtime.properties"),
                "runtime=" + System.getProperty("java.runtime.version") + "\n");
        return ExitCode.DONE.number();
    }

    private void rehearse(boolean withStores) throws Exception {
        Path folder = Files.createTempDirectory("pgark-rehearsal-");
        try {
            Path plain = Files.createDirectory(folder.resolve("plain"));
            rehearseAll(plain, "", List.of());
            ClassTraining.loadShared();
            if (withStores) {
                new StoreRehearsal(plain).run();
            }
            new ServerRehearsal(withStores ? Optional.empty() : Optional.of(home), plain).run();
            Path encrypted = Files.createDirectory(folder.resolve("encrypted"));
            Path keyFile = encrypted.resolve("key");
            rehearseAll(
                    encrypted,
                    "key-file = \"" + keyFile + "\"\n",
                    List.of(new RepositoryKeys.Named("operator", KeyFile.create(keyFile, new SecureRandom()))));
        } finally {
            clear(folder);
        }
    }

    /** Threads of the worker may end a little later than it does, and write until then. */
    private static void clear(Path folder) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                FileTree.delete(folder);
                return;
            } catch (DirectoryNotEmptyException e) {
                if (attempt == MOST_CLEARINGS) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    private static void rehearseAll(Path folder, String keyLine, List<RepositoryKeys.Named> recipients)
            throws Exception {
        SampleRepository.make(folder, InstantSource.system(), new SecureRandom(), recipients);
        String configuration = folder.resolve("pgark.toml").toString();
        Files.writeString(
                Path.of(configuration),
                "[repository.main]\nurl = \"file:" + folder.resolve("repository") + "\"\n" + keyLine
                        + "[cluster.main]\npgdata = \"" + folder.resolve("data") + "\"\n");
        Files.setPosixFilePermissions(
                Path.of(configuration), java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        List<List<String>> commands = new ArrayList<>(List.of(
                List.of("list"),
                List.of("list", "--json"),
                List.of("show", "latest"),
                List.of("verify"),
                List.of("wal", "list"),
                List.of("restore", "--to", folder.resolve("nowhere").toString(), "--dry-run"),
                List.of("--help")));
        if (!recipients.isEmpty()) {
            commands.add(List.of("key", "list"));
        }
        for (List<String> words : commands) {
            rehearse(configuration, words);
        }
        new WorkerRehearsal(folder).run(Path.of(configuration));
    }

    /** Runs a command whose words go to nowhere. */
    static void rehearse(String configuration, List<String> words) {
        List<String> arguments = new ArrayList<>(List.of("--config", configuration));
        arguments.addAll(words);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        new CommandLineRun(nowhere, nowhere, arguments).run();
    }
}
