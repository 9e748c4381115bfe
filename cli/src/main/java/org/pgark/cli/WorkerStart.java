package org.pgark.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.pgark.agent.ArchiveWorker;
import org.pgark.agent.WorkerSettings;
import org.pgark.cli.configuration.ArchiveConfiguration;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.configuration.ConfigurationSources;
import org.pgark.cli.output.Output;
import org.pgark.cli.process.Owner;
import org.pgark.cli.process.OwnerSwitch;
import org.pgark.physical.several.ArchivePlaces;
import org.pgark.physical.wal.SpoolRoot;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.repository.frame.Compression;

/**
 * The archive worker as the shell front starts it: {@code wal worker [--config FILE] [--cluster NAME]}. The first segment
 * waits for it, so these words are read without the parser of all commands, which takes longer than everything else; any
 * other words are the parser's.
 *
 * @param config the configuration file
 * @param cluster the cluster's name
 */
record WorkerStart(Optional<Path> config, Optional<String> cluster) {
    /** What the words ask for, unless they are more than the front says. */
    static Optional<WorkerStart> of(List<String> words) {
        if (words.size() < 2 || words.size() % 2 != 0 || !words.subList(0, 2).equals(List.of("wal", "worker"))) {
            return Optional.empty();
        }
        Optional<Path> config = Optional.empty();
        Optional<String> cluster = Optional.empty();
        for (int index = 2; index < words.size(); index += 2) {
            String value = words.get(index + 1);
            if (words.get(index).equals("--config") && config.isEmpty()) {
                config = Optional.of(Path.of(value));
            } else if (words.get(index).equals("--cluster") && cluster.isEmpty()) {
                cluster = Optional.of(value);
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(new WorkerStart(config, cluster));
    }

    /** Works until there is nothing to do for a while, and returns the exit code. */
    int run(List<String> words, PrintStream out, PrintStream err) {
        try {
            work(ConfigurationSources.current(config), cluster, words, spools());
            return ExitCode.DONE.number();
        } catch (Exception e) {
            return Failures.explain(e, new Output(out, err, false)).number();
        }
    }

    /** Likewise, by this configuration. What it says of the repository is read again whenever that is opened anew. */
    static void work(ConfigurationSources sources, Optional<String> cluster, List<String> words, SpoolRoot spools)
            throws Exception {
        Configuration configuration = Configuration.read(sources);
        ClusterConfiguration settings = WalAccess.cluster(configuration, cluster);
        Optional<Path> data = settings.dataDirectory().filter(Files::isDirectory);
        if (data.isPresent()) {
            OwnerSwitch.become(Owner.of(data.get()), words);
        }
        ArchiveWorker.run(settings(configuration.archive(), settings, spools, places(sources, settings.name())));
    }

    /** Where this user's spools are. */
    static SpoolRoot spools() {
        return SpoolRoot.find(System.getenv(), ConnectionEnvironment.current().home());
    }

    private static ArchivePlaces.Source places(ConfigurationSources sources, String cluster) {
        return new ArchivePlaces.Source() {
            @Override
            public ArchivePlaces read() throws IOException {
                return repositories(sources, cluster);
            }

            @Override
            public Optional<Path> configuration() {
                return sources.file();
            }
        };
    }

    /** One that is lost may be out of the configuration by now, and a key may have another in its place. */
    private static ArchivePlaces repositories(ConfigurationSources sources, String cluster) throws IOException {
        try {
            Configuration configuration = Configuration.read(sources);
            return WalAccess.places(
                    configuration.cluster(Optional.of(cluster)),
                    sources.file(),
                    configuration.archive().backlog());
        } catch (ConfigurationException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static WorkerSettings settings(
            ArchiveConfiguration archive,
            ClusterConfiguration cluster,
            SpoolRoot spools,
            ArchivePlaces.Source repositories) {
        Path here = Path.of("").toAbsolutePath();
        return new WorkerSettings(
                cluster.name(),
                cluster.dataDirectory().orElse(here),
                here,
                spools,
                repositories,
                archive.jobs(),
                Compression.parse(archive.walCompression()),
                archive.workerIdle().duration(),
                WorkerSettings.DEFAULT_READ_AHEAD,
                archive.readAhead().bytes(),
                archive.pushTimeout().duration(),
                archive.getTimeout().duration(),
                archive.historyTimeout().duration());
    }
}
