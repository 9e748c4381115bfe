package org.pgark.cli;

import java.io.IOException;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.output.Output;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ServerSession;
import tools.jackson.databind.node.ObjectNode;

/**
 * The settings by which a server hands its WAL to pgark.
 *
 * @param command the archive_command
 */
record ArchiveSettings(String command) {
    private static final String APPLIED_MODE = "on";

    void print(Output output, ObjectNode document) {
        output.line("put these into postgresql.conf (or run init again with --apply), and restart the server:");
        output.line("  archive_mode = on");
        output.line("  archive_command = " + literal(command));
        document.put("applied", false).put("archive_mode", APPLIED_MODE).put("archive_command", command);
    }

    void apply(ClusterConfiguration cluster, Output output, ObjectNode document)
            throws IOException, FailedException, RefusedException {
        ConnectionSettings connection = ConnectionSettings.resolve(
                        cluster.connection(), ConnectionEnvironment.current())
                .withApplicationNameIfNone("pgark");
        try (ServerSession session = ServerSession.open(connection)) {
            refuseAnotherServer(session, cluster);
            String before = session.queryText("SELECT current_setting('archive_command')");
            String mode = session.queryText("SELECT current_setting('archive_mode')");
            if (mode.equals("off")) {
                session.execute("ALTER SYSTEM SET archive_mode = 'on'");
            }
            if (session.queryText("SELECT current_setting('wal_level')").equals("minimal")) {
                session.execute("ALTER SYSTEM SET wal_level = 'replica'");
            }
            session.execute("ALTER SYSTEM SET archive_command = " + literal(command));
            session.queryText("SELECT pg_reload_conf()::text");
            boolean restart = awaitReload(session);
            if (!before.equals(command) && !before.isEmpty() && !before.equals("(disabled)")) {
                output.line("archive_command was: " + before);
            }
            output.line("archive_command is now: " + command);
            output.line(
                    restart
                            ? "archive_mode = on waits for a RESTART of the server; then run \"pgark check\""
                            : "archiving is on; run \"pgark check\" now");
            document.put("applied", true)
                    .put("archive_mode", APPLIED_MODE)
                    .put("archive_command", command)
                    .put("restart_needed", restart);
        }
    }

    private static void refuseAnotherServer(ServerSession session, ClusterConfiguration cluster)
            throws IOException, RefusedException {
        String served = session.queryText("SELECT current_setting('data_directory')");
        if (!java.nio.file.Files.isSameFile(java.nio.file.Path.of(served), cluster.pgdata())) {
            throw new RefusedException(
                    "another_server",
                    "the connection leads to the server of \"" + served + "\", not of \"" + cluster.pgdata() + "\"",
                    "Say with --connection how the server of this data directory is reached.");
        }
    }

    /** Waits until the server has read its configuration again; tells whether it has to be restarted. */
    private boolean awaitReload(ServerSession session) throws IOException, FailedException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (System.nanoTime() < deadline) {
            boolean pending = session.queryBoolean(
                    "SELECT count(*) > 0 FROM pg_settings WHERE name IN ('archive_mode', 'wal_level') AND pending_restart");
            boolean off = session.queryBoolean("SELECT current_setting('archive_mode') = 'off'");
            String taken = session.queryText("SELECT coalesce((SELECT setting FROM pg_file_settings"
                    + " WHERE name = 'archive_command' AND applied ORDER BY seqno DESC LIMIT 1), '')");
            String current = session.queryText("SELECT reset_val FROM pg_settings WHERE name = 'archive_command'");
            if (taken.equals(command) && (off ? pending : current.equals(command))) {
                return pending || off;
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        throw new FailedException(
                "settings_not_taken",
                "the server did not take archive_command = " + literal(command),
                "pg_file_settings tells why; a setting on the server's command line overrides it.");
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
