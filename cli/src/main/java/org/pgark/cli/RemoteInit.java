package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.configuration.Configuration;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.configuration.ConfigurationSources;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.cli.output.Output;
import org.pgark.cli.process.Owner;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.receive.ReplicationSession;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.postgres.wire.NoticeListener;
import org.pgark.postgres.wire.SessionKind;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.postgres.wire.WireException;

/** {@code init} of a cluster on another host: only the repository is to know it. */
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
        try (ClusterContext context = ClusterContext.of(options.pgark, Optional.of(options.cluster))) {
            ClusterConfiguration cluster = context.settings();
            if (cluster.dataDirectory().isPresent() || options.apply || options.connection != null) {
                throw options.pgark.usage(
                        "--pgdata is missing; only a cluster that the configuration has without pgdata"
                                + " does without it, and without --connection and --apply");
            }
            if (!options.keys.sources(options.pgark).isEmpty()) {
                throw options.pgark.usage("the configuration says how the repository of a cluster without pgdata is"
                        + " encrypted: set key-file, passphrase-command, key-command or kms in its [repository.NAME]");
            }
            Facts facts = facts(context);
            cluster = encrypted(context, cluster);
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
            output.result(Output.object()
                    .put("cluster", cluster.name())
                    .put("repository", cluster.repository().url().toString())
                    .put("system_identifier", facts.system().toString()));
        }
        return ExitCode.DONE;
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

    private static Facts facts(ClusterContext context) throws IOException {
        try (ServerSession session = context.connect()) {
            return session.queryList(
                            FACTS,
                            row -> new Facts(
                                    // The server shows the number as signed.
                                    new SystemIdentifier(row.getLong(1)),
                                    session.major(),
                                    new WalSegmentSize(row.getInt(2))))
                    .getFirst();
        } catch (ConnectionException e) {
            return replicationFacts(context, e);
        }
    }

    /** A role that is only let in for replication. */
    private static Facts replicationFacts(ClusterContext context, ConnectionException reason) throws IOException {
        try (WireConnection connection =
                WireConnection.open(context.connection(), SessionKind.PHYSICAL_REPLICATION, NoticeListener.none())) {
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
