package org.pgark.cli;

import java.io.IOException;
import java.util.Optional;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.cli.output.Output;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.postgres.wal.WalSegmentSize;

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

    private record Facts(SystemIdentifier system, WalSegmentSize segmentSize) {}

    ExitCode run() throws IOException, ConfigurationException {
        try (ClusterContext context = ClusterContext.of(options.pgark, Optional.of(options.cluster))) {
            ClusterConfiguration cluster = context.settings();
            if (cluster.dataDirectory().isPresent() || options.apply || options.connection != null) {
                throw options.pgark.usage(
                        "--pgdata is missing; only a cluster that the configuration has without pgdata"
                                + " does without it, and without --connection and --apply");
            }
            Facts facts;
            try (ServerSession session = context.connect()) {
                facts = session.queryList(
                                FACTS,
                                row -> new Facts(
                                        // The server shows the number as signed.
                                        new SystemIdentifier(row.getLong(1)), new WalSegmentSize(row.getInt(2))))
                        .getFirst();
                for (RepositoryConfiguration repository : cluster.repositories()) {
                    ClusterRegistration.register(
                            cluster.in(Optional.of(repository.name())),
                            facts.system(),
                            session.major(),
                            facts.segmentSize(),
                            output);
                }
            }
            output.result(Output.object()
                    .put("cluster", cluster.name())
                    .put("repository", cluster.repository().url().toString())
                    .put("system_identifier", facts.system().toString()));
        }
        return ExitCode.DONE;
    }
}
