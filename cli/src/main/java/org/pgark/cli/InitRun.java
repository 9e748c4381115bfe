package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.configuration.ConfigurationEdit;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.configuration.ConfigurationSources;
import org.pgark.cli.configuration.KeySources;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.cli.output.Output;
import org.pgark.cli.process.Owner;
import org.pgark.cli.process.OwnerSwitch;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.wal.Spool;
import org.pgark.physical.wal.SpoolRoot;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.datadir.PostmasterPid;
import tools.jackson.databind.node.ObjectNode;

/** One run of {@code init}: configuration, folders, repository, registration, archive settings. */
final class InitRun {
    private final InitCommand options;
    private final Output output;
    private final Path pgdata;

    InitRun(InitCommand options, Path pgdata) {
        this.options = options;
        this.output = options.pgark.output();
        this.pgdata = pgdata.toAbsolutePath().normalize();
    }

    ExitCode run() throws IOException, OperationException, ConfigurationException {
        InitConfiguration configured = new InitConfiguration(options);
        configured.checkName();
        ControlFile control = control();
        KeySources keys = options.keys.sources(options.pgark);
        refuseKeyInDataDirectory(keys);
        ConfigurationEdit edit = configured.add(Optional.of(pgdata), connection(), keys);
        Configuration configuration = Configuration.read(ConfigurationSources.current(Optional.of(edit.file())));
        ClusterConfiguration cluster = configuration.cluster(Optional.of(options.cluster));
        refuseRepositoryInDataDirectory(cluster);
        Owner owner = Owner.of(pgdata);
        boolean ofOther = Owner.ofThisProcess().isRoot() && !owner.isRoot();
        if (ofOther) {
            new InitFolders(cluster, edit, owner).make();
        }
        if (!options.repositoryOnly) {
            configured.tell(edit);
        }
        for (RepositoryConfiguration repository : chosen(cluster)) {
            if (repository.encryption().isRequired()) {
                EncryptedInit encrypted = new EncryptedInit(repository, owner, output);
                if (options.repositoryOnly) {
                    output.result(encrypted.make());
                    return ExitCode.DONE;
                }
                encrypted.pinned(
                        edit.file(),
                        pgdata,
                        ofOther ? Optional.of(childArguments(repository.name())) : Optional.empty());
            }
        }
        configuration = Configuration.read(ConfigurationSources.current(Optional.of(edit.file())));
        cluster = configuration.cluster(Optional.of(options.cluster));
        if (ofOther) {
            OwnerSwitch.become(owner, options.pgark.invocation().arguments());
        }
        for (RepositoryConfiguration repository : cluster.repositories()) {
            if (cluster.hasSeveralRepositories()) {
                output.line("repository " + repository.name() + ":");
            }
            if (options.takeOver) {
                WritersOfRepositories.takeOver(repository, output);
            }
            ClusterRegistration.register(
                    cluster.in(Optional.of(repository.name())),
                    control.systemIdentifier(),
                    control.major(),
                    control.walSegmentSize(),
                    output);
        }
        refuseTwins(cluster);
        SpoolRoot spools =
                SpoolRoot.find(System.getenv(), ConnectionEnvironment.current().home());
        spools.checkOutside(pgdata);
        Spool spool = spools.spool(cluster.name());
        spool.make();
        spools.link(pgdata.toRealPath(), spool);
        ArchiveSettings settings = new ArchiveSettings(ShellFront.archiveCommand(configuration));
        ObjectNode document = Output.object()
                .put("cluster", cluster.name())
                .put("config", edit.file().toString())
                .put("repository", cluster.repository().url().toString())
                .put("system_identifier", control.systemIdentifier().toString())
                .put("spool", spool.folder().toString());
        if (options.apply) {
            settings.apply(cluster, output, document);
        } else {
            settings.print(output, document);
        }
        output.result(document);
        return ExitCode.DONE;
    }

    /** All, or the one that root asks its owner's process to make. */
    private List<RepositoryConfiguration> chosen(ClusterConfiguration cluster) throws ConfigurationException {
        return cluster.in(Optional.ofNullable(options.repositoryName)).repositories();
    }

    private static void refuseTwins(ClusterConfiguration cluster) throws IOException, RefusedException {
        List<Clusters.Opened> opened = new ArrayList<>();
        try {
            for (RepositoryConfiguration repository : cluster.repositories()) {
                opened.add(new Clusters.Opened(repository.name(), Repositories.openForWal(repository)));
            }
            Repositories.refuseTwins(opened);
        } finally {
            for (Clusters.Opened one : opened) {
                one.repository().close();
            }
        }
    }

    private List<String> childArguments(String repository) {
        List<String> arguments = new ArrayList<>(options.pgark.invocation().arguments());
        arguments.addAll(List.of("--repository-only", "--repository-name", repository, "--json"));
        return arguments;
    }

    private void refuseKeyInDataDirectory(KeySources keys) throws RefusedException {
        if (keys.keyFile().filter(file -> file.startsWith(pgdata)).isPresent()) {
            throw new RefusedException(
                    "key_in_data_directory",
                    "key file \"" + keys.keyFile().get() + "\" is inside data directory \"" + pgdata + "\"",
                    "Choose another folder; it is needed when the data directory is lost.");
        }
    }

    private ControlFile control() throws RefusedException {
        if (!Files.exists(pgdata.resolve("global/pg_control"))) {
            throw new RefusedException(
                    "no_data_directory",
                    "\"" + pgdata + "\" is not a data directory that this user can read, it has no global/pg_control",
                    "Name the directory that the server calls data_directory, and run pgark as root or as its owner.");
        }
        try {
            return ControlFile.read(pgdata);
        } catch (IOException e) {
            throw new RefusedException("unreadable_control_file", String.valueOf(e.getMessage()), "", e);
        }
    }

    /** What the user said, else the socket of the server that runs on the data directory. */
    private Optional<String> connection() throws IOException {
        if (options.connection != null) {
            return Optional.of(options.connection);
        }
        Optional<PostmasterPid> pid = PostmasterPid.read(pgdata);
        if (pid.isEmpty() || !pid.get().isRunning(pgdata)) {
            return Optional.empty();
        }
        String user = System.getenv().getOrDefault("PGUSER", "");
        String folder =
                pid.get().socketDirectory().isEmpty() ? "localhost" : pid.get().socketDirectory();
        return Optional.of("host=" + folder + " port=" + pid.get().port() + (user.isEmpty() ? "" : " user=" + user)
                + " dbname=postgres");
    }

    private void refuseRepositoryInDataDirectory(ClusterConfiguration cluster) throws RefusedException {
        for (RepositoryConfiguration repository : cluster.repositories()) {
            Optional<Path> place = repository.url().localDirectory();
            if (place.isPresent() && place.get().startsWith(pgdata)) {
                throw new RefusedException(
                        "repository_in_data_directory",
                        "repository \"" + place.get() + "\" is inside data directory \"" + pgdata + "\"",
                        "Choose another folder with --repo; a backup must not lie in what it protects.");
            }
        }
    }
}
