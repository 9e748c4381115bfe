package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.configuration.ConfigurationSources;
import org.pgark.cli.configuration.KeySources;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.cli.output.Output;
import org.pgark.cli.process.Owner;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.receive.ReplicationSession;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ConnectionString;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.postgres.wire.NoticeListener;
import org.pgark.postgres.wire.SessionKind;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.postgres.wire.WireException;

/** {@code init} of a cluster on another host: the configuration gets its connection, and the repository is to know it. */
final class RemoteInit {
    private static final String FACTS =
            "SELECT system_identifier, (SELECT setting::int FROM pg_catalog.pg_settings WHERE"
                    + " name = 'wal_segment_size') FROM pg_catalog.pg_control_system()";

    private final InitCommand options;
    private final Output output;

    RemoteInit(InitCommand options) {
        this.options = options;
        this.output = options.pgark.output();
    }

    private record Facts(SystemIdentifier system, PostgresMajor major, WalSegmentSize segmentSize) {}

    ExitCode run() throws IOException, ConfigurationException, OperationException {
        InitConfiguration configured = new InitConfiguration(options);
        configured.checkName();
        Optional<ClusterConfiguration> known = known();
        KeySources keys = options.keys.sources(options.pgark);
        if (options.apply) {
            throw options.pgark.usage("--apply needs --pgdata: archive_command runs on the host of the data directory");
        }
        if (known.isEmpty() && options.connection == null) {
            throw options.pgark.usage(
                    "--pgdata or --connection is missing; a cluster that the configuration has without"
                            + " pgdata does without both");
        }
        boolean changes = options.connection != null || options.repository != null || !keys.isEmpty();
        // A server that does not answer, or another one, leaves no trace in the configuration.
        Facts facts = facts(
                known.isPresent()
                        ? known.get().connection()
                        : ConnectionString.parse(String.valueOf(options.connection)));
        if (changes) {
            configured.tell(configured.add(Optional.empty(), Optional.ofNullable(options.connection), keys));
        }
        try (ClusterContext context = ClusterContext.of(options.pgark, Optional.of(options.cluster))) {
            ClusterConfiguration cluster = encrypted(context, context.settings());
            for (RepositoryConfiguration repository : cluster.repositories()) {
                if (options.takeOver) {
                    WritersOfRepositories.takeOver(repository, output);
                }
                ClusterRegistration.register(
                        cluster.in(Optional.of(repository.name())),
                        facts.system(),
                        facts.major(),
                        facts.segmentSize(),
                        output);
            }
            if (known.isEmpty()) {
                output.line(
                        "NOTE: check, init --apply and archive_command need the data directory: they are for its host,"
                                + " with pgdata");
                output.line("      in the configuration there. WAL comes by archive_command there or by \"pgark wal"
                        + " receive\" here.");
            }
            output.result(Output.object()
                    .put("cluster", cluster.name())
                    .put(
                            "config",
                            context.configuration().file().map(Path::toString).orElse(""))
                    .put("repository", cluster.repository().url().toString())
                    .put("system_identifier", facts.system().toString()));
        }
        return ExitCode.DONE;
    }

    /** The cluster as it is configured already. */
    private Optional<ClusterConfiguration> known() throws ConfigurationException {
        ConfigurationSources sources =
                ConfigurationSources.current(options.pgark.global().configFile());
        if (sources.explicitFile().filter(file -> !Files.exists(file)).isPresent()) {
            return Optional.empty();
        }
        Optional<ClusterConfiguration> known = Configuration.read(sources).clusters().stream()
                .filter(cluster -> cluster.name().equals(options.cluster))
                .findFirst();
        Optional<Path> pgdata = known.flatMap(ClusterConfiguration::dataDirectory);
        if (pgdata.isPresent()) {
            throw options.pgark.usage("--pgdata is missing: cluster \"" + options.cluster
                    + "\" is configured with pgdata \"" + pgdata.get() + "\"");
        }
        return known;
    }

    /** Makes what has to be encrypted, and pins it in the configuration; returns what that says then. */
    private ClusterConfiguration encrypted(ClusterContext context, ClusterConfiguration cluster)
            throws IOException, ConfigurationException, OperationException {
        ClusterConfiguration pinned = cluster;
        for (RepositoryConfiguration repository : cluster.repositories()) {
            if (repository.encryption().isRequired()) {
                Path file = context.configuration()
                        .file()
                        .orElseThrow(() -> new RefusedException(
                                "no_configuration_file",
                                "repository \"" + repository.name() + "\" cannot be pinned: there is "
                                        + context.configuration().source(),
                                "Write the cluster and its repository into a configuration file."));
                new EncryptedInit(repository, Owner.ofThisProcess(), output).pinned(file, file, Optional.empty());
                pinned = Configuration.read(ConfigurationSources.current(Optional.of(file)))
                        .cluster(Optional.of(options.cluster));
            }
        }
        return pinned;
    }

    private static Facts facts(ConnectionString connection) throws IOException {
        ConnectionSettings settings = ConnectionSettings.resolve(connection, ConnectionEnvironment.current())
                .withApplicationNameIfNone("pgark");
        try (ServerSession session = ServerSession.open(settings)) {
            return session.queryList(
                            FACTS,
                            row -> new Facts(
                                    // The server shows the number as signed.
                                    new SystemIdentifier(row.getLong(1)),
                                    session.major(),
                                    new WalSegmentSize(row.getInt(2))))
                    .getFirst();
        } catch (ConnectionException e) {
            return replicationFacts(settings, e);
        }
    }

    /** A role that is only let in for replication. */
    private static Facts replicationFacts(ConnectionSettings settings, ConnectionException reason) throws IOException {
        try (WireConnection connection =
                WireConnection.open(settings, SessionKind.PHYSICAL_REPLICATION, NoticeListener.none())) {
            ReplicationSession session = new ReplicationSession(connection);
            return new Facts(
                    SystemIdentifier.parse(session.identifySystem().identifier()),
                    PostgresMajor.of(connection.serverVersion() / 10_000),
                    new WalSegmentSize(session.walSegmentSize()));
        } catch (WireException e) {
            reason.addSuppressed(e);
            throw reason;
        }
    }
}
