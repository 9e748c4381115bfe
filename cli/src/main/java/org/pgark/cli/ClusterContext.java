package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgark.cli.configuration.BackupConfiguration;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.configuration.ReceiveConfiguration;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.cli.process.Owner;
import org.pgark.cli.process.OwnerSwitch;
import org.pgark.physical.backup.BackupRequest;
import org.pgark.physical.backup.CheckpointSpeed;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.remote.RemoteFileSystem;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.Repository;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.seal.TlsCiphers;

/** The one cluster that a command is about: its configuration, its server, what the repository keeps of it. */
final class ClusterContext implements AutoCloseable {
    private final PgarkCommand pgark;
    private final Configuration configuration;
    private final ClusterConfiguration settings;
    private final Optional<Instant> asOf;
    private @Nullable Repository repository;
    private @Nullable RemoteFileSystem remoteFiles;

    private ClusterContext(
            PgarkCommand pgark, Configuration configuration, ClusterConfiguration settings, Optional<Instant> asOf) {
        this.asOf = asOf;
        this.pgark = pgark;
        this.configuration = configuration;
        this.settings = settings;
    }

    /** With its nearest repository, where it has several. */
    static ClusterContext of(PgarkCommand pgark, Optional<String> name) throws ConfigurationException {
        Configuration configuration = pgark.configuration();
        return new ClusterContext(pgark, configuration, configuration.cluster(name), Optional.empty());
    }

    /** The same cluster in the repository that was asked for, if one was; to be closed in the place of this one. */
    ClusterContext in(RepoOption option) throws ConfigurationException {
        return new ClusterContext(pgark, configuration, settings.in(option.name()), asOf);
    }

    /** The same cluster as if it had this repository only; to be closed by itself. */
    ClusterContext in(String repository) throws ConfigurationException {
        return new ClusterContext(pgark, configuration, settings.in(Optional.of(repository)), asOf);
    }

    /** The same cluster as its repositories had it at an instant; to be closed by itself. */
    ClusterContext asOf(Instant instant) {
        return new ClusterContext(pgark, configuration, settings, Optional.of(instant));
    }

    /** Whether it is looked at as it was. */
    boolean isAsOf() {
        return asOf.isPresent();
    }

    /** The same cluster in each of its repositories; each to be closed by itself. */
    List<ClusterContext> each() throws ConfigurationException {
        List<ClusterContext> each = new ArrayList<>();
        for (RepositoryConfiguration one : settings.repositories()) {
            each.add(in(one.name()));
        }
        return each;
    }

    String name() {
        return settings.name();
    }

    Configuration configuration() {
        return configuration;
    }

    ClusterConfiguration settings() {
        return settings;
    }

    /** Goes on as the owner of the data directory if root started the command. */
    void becomeOwner() throws IOException, RefusedException {
        if (settings.dataDirectory().isEmpty()) {
            return;
        }
        if (!Files.isDirectory(settings.pgdata())) {
            throw noDataDirectory(settings.pgdata());
        }
        OwnerSwitch.become(Owner.of(settings.pgdata()), pgark.invocation().arguments());
    }

    static RefusedException noDataDirectory(Path directory) {
        return new RefusedException(
                "no_data_directory",
                "data directory \"" + directory + "\" does not exist or cannot be entered",
                "Check pgdata in the configuration, and the user that pgark runs as.");
    }

    ServerSession connect() throws IOException {
        return ServerSession.open(connection());
    }

    ConnectionSettings connection() throws IOException {
        TlsCiphers.install();
        return ConnectionSettings.resolve(settings.connection(), ConnectionEnvironment.current())
                .withApplicationNameIfNone("pgark");
    }

    Repository repository() throws IOException {
        if (repository == null) {
            repository = asOf.isPresent()
                    ? Repositories.openAsOf(settings.repository(), asOf.get())
                    : Repositories.open(settings.repository());
        }
        return repository;
    }

    /** What is kept of the cluster as it was initialised last. */
    ClusterRepository newestIncarnation() throws IOException, RefusedException {
        Incarnation incarnation = repository()
                .cluster(name())
                .newest()
                .orElseThrow(() -> new RefusedException(
                        "cluster_not_registered",
                        "cluster \"" + name() + "\" is not registered in "
                                + settings.repository().url(),
                        "\"pgark init --cluster " + name()
                                + settings.dataDirectory()
                                        .map(data -> " --pgdata " + data)
                                        .orElse("")
                                + "\" registers it."));
        return repository().open(incarnation);
    }

    /** The data directory as the server's functions read it. */
    Path remoteDirectory() throws IOException {
        if (remoteFiles == null) {
            remoteFiles = RemoteFileSystem.open(connection());
        }
        return remoteFiles.dataDirectory();
    }

    BackupRequest backupRequest(Path dataDirectory) {
        BackupConfiguration backup = configuration.backup();
        ReceiveConfiguration receive = settings.receive();
        return BackupRequest.of(dataDirectory, Version.text())
                .withReceivedWal(
                        receive.slot().isPresent() || receive.directory().isPresent())
                .withJobs(backup.jobs())
                .withCheckpoint(backup.fastCheckpoint() ? CheckpointSpeed.FAST : CheckpointSpeed.SPREAD)
                .withCompression(Compression.parse(backup.compression()))
                .withRate(backup.rate().bytes());
    }

    int backupNice() {
        return configuration.backup().nice();
    }

    @Override
    public void close() throws IOException {
        if (remoteFiles != null) {
            remoteFiles.close();
        }
        if (repository != null) {
            repository.close();
        }
    }
}
