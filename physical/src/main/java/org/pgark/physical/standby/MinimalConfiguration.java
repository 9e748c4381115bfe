package org.pgark.physical.standby;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.pgark.physical.receive.ReplicationSession;

/**
 * The configuration files that a base backup lacks because the primary keeps them outside of its data directory, as Debian
 * does: the least with which a standby starts.
 */
final class MinimalConfiguration {
    /** A standby does not start with smaller values than its primary has. */
    private static final List<String> AT_LEAST_AS_ON_PRIMARY = List.of(
            "max_connections",
            "max_worker_processes",
            "max_wal_senders",
            "max_prepared_transactions",
            "max_locks_per_transaction");

    private MinimalConfiguration() {}

    static void writeIfMissing(Path data, ReplicationSession primary, StandbyListener listener) throws IOException {
        Path configuration = data.resolve("postgresql.conf");
        if (!Files.exists(configuration)) {
            StringBuilder lines = new StringBuilder("# Written by pgark: the primary's configuration is not in its data"
                    + " directory.\n# These must not be smaller than the primary's.\n");
            for (String setting : AT_LEAST_AS_ON_PRIMARY) {
                lines.append(FollowSettings.line(setting, primary.show(setting, setting)));
            }
            write(configuration, lines.toString());
            listener.warning("the primary keeps postgresql.conf outside of its data directory; one with its limits only"
                    + " was written to " + configuration + ": complete it");
        }
        Path access = data.resolve("pg_hba.conf");
        if (!Files.exists(access)) {
            write(access, """
                # Written by pgark: the primary's pg_hba.conf is not in its data directory.
                local all all peer
                local replication all peer
                """);
            listener.warning("the primary keeps pg_hba.conf outside of its data directory; one that lets in local users"
                    + " of the same name only was written to " + access + ": complete it");
        }
        if (!Files.exists(data.resolve("pg_ident.conf"))) {
            write(data.resolve("pg_ident.conf"), "");
        }
    }

    private static void write(Path file, String text) throws IOException {
        try (var channel = java.nio.channels.FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            var bytes = java.nio.ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }
}
