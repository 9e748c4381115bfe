package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.cli.output.Words;
import org.pgark.physical.failure.OperationException;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.ClusterRepository;

/** The checks of the running server, ending with a segment that is followed into the archive. */
final class ServerChecks {
    private static final List<String> LEVELS = List.of("replica", "logical");

    private final ClusterContext context;
    private final List<ClusterContext> others;
    private final CheckReport report;
    private final int timeoutSeconds;

    /** @param others the same cluster in its other repositories */
    ServerChecks(ClusterContext context, List<ClusterContext> others, CheckReport report, int timeoutSeconds) {
        this.context = context;
        this.others = List.copyOf(others);
        this.report = report;
        this.timeoutSeconds = timeoutSeconds;
    }

    void run() throws InterruptedException {
        try (ServerSession session = context.connect()) {
            report.ok("connection", session.description());
            identity(session);
            privileges(session);
            settings(session);
            archiving(session);
        } catch (ConnectionException e) {
            report.failed("connection", String.valueOf(e.getMessage()), e.hint().orElse(""));
        } catch (IOException e) {
            report.failed("connection", String.valueOf(e.getMessage()), "");
        } catch (OperationException e) {
            report.failed("archiving", String.valueOf(e.getMessage()), e.hint().orElse(""));
        }
    }

    private void identity(ServerSession session) throws IOException {
        Path configured = context.settings().pgdata();
        Path served = Path.of(session.queryText("SELECT current_setting('data_directory')"));
        if (Files.isSameFile(configured, served)) {
            report.ok("same server", "the connection leads to the server of this data directory");
        } else {
            report.failed(
                    "same server",
                    "the connection leads to the server of \"" + served + "\", not of \"" + configured + "\"",
                    "Check connection and pgdata in the configuration.");
        }
    }

    private void privileges(ServerSession session) throws IOException {
        boolean older = session.major().number() < 15;
        String start = older ? "pg_start_backup(text, boolean, boolean)" : "pg_backup_start(text, boolean)";
        String stop = older ? "pg_stop_backup(boolean, boolean)" : "pg_backup_stop(boolean)";
        List<String> needed = session.wasInRecovery()
                ? List.of(start, stop, "pg_control_system()")
                : List.of(start, stop, "pg_switch_wal()", "pg_create_restore_point(text)", "pg_control_system()");
        List<String> missing = needed.stream()
                .filter(function -> !mayExecute(session, function))
                .toList();
        if (missing.isEmpty()) {
            report.ok("privileges", "may start and stop a backup");
        } else {
            report.failed(
                    "privileges",
                    "user \"" + session.settings().user() + "\" may not execute " + String.join(", ", missing),
                    "Connect as a superuser, or GRANT EXECUTE ON FUNCTION ... and GRANT pg_read_all_settings.");
        }
    }

    private static boolean mayExecute(ServerSession session, String function) {
        try {
            return session.queryBoolean("SELECT has_function_privilege(?, 'execute')", function);
        } catch (ConnectionException e) {
            return false;
        }
    }

    private void settings(ServerSession session) throws IOException {
        String level = session.queryText("SELECT current_setting('wal_level')");
        if (LEVELS.contains(level)) {
            report.ok("wal_level", level);
        } else {
            report.failed("wal_level", level, "Set wal_level = replica and restart the server.");
        }
        if (session.queryBoolean("SELECT current_setting('full_page_writes')::boolean")) {
            report.ok("full_page_writes", "on");
        } else {
            report.failed(
                    "full_page_writes", "off", "Set full_page_writes = on; without it a backup may have torn pages.");
        }
        if (session.wasInRecovery()) {
            report.ok(
                    "archive_mode",
                    "its primary archives; what is not archived yet a backup of a standby brings itself");
            return;
        }
        String mode = session.queryText("SELECT current_setting('archive_mode')");
        boolean pending = session.queryBoolean("SELECT pending_restart FROM pg_settings WHERE name = 'archive_mode'");
        if (!mode.equals("off")) {
            report.ok("archive_mode", mode);
        } else {
            report.failed(
                    "archive_mode",
                    "off" + (pending ? ", it waits for a restart of the server" : ""),
                    pending
                            ? "Restart the server."
                            : "\"pgark init --apply\" sets it; the server has to be restarted.");
        }
        String command = session.queryText("SELECT current_setting('archive_command')");
        if (command.contains("pgark-wal")) {
            report.ok("archive_command", command);
        } else {
            report.failed(
                    "archive_command",
                    "does not call pgark-wal: \"" + command + "\"",
                    "\"pgark init --apply\" sets it.");
        }
    }

    private void archiving(ServerSession session) throws IOException, OperationException, InterruptedException {
        if (session.wasInRecovery()) {
            report.warning(
                    "archiving",
                    "not tried, since the server is a standby and cannot switch WAL",
                    "Run \"pgark check\" on the primary's host.");
            return;
        }
        if (!report.passed()) {
            report.failed("archiving", "not tried, because of what failed above", "");
            return;
        }
        Instant begin = Instant.now();
        session.queryText("SELECT pg_create_restore_point('pgark check')::text");
        WalSegmentName segment = WalSegmentName.parse(session.queryText("SELECT pg_walfile_name(pg_switch_wal())"));
        List<ClusterContext> all = new ArrayList<>(List.of(context));
        all.addAll(others);
        for (ClusterContext one : all) {
            String place = others.isEmpty()
                    ? "the archive"
                    : "repository " + one.settings().repository().name();
            await(session, one, segment, place, begin);
        }
    }

    private void await(ServerSession session, ClusterContext one, WalSegmentName segment, String place, Instant begin)
            throws IOException, OperationException, InterruptedException {
        ClusterRepository cluster = one.newestIncarnation();
        while (!cluster.walArchive().contains(segment)) {
            if (Duration.between(begin, Instant.now()).toSeconds() >= timeoutSeconds) {
                report.failed(
                        "archiving",
                        "segment " + segment + " did not reach " + place + " within " + timeoutSeconds + " s"
                                + lastFailure(session),
                        "The server's log tells what archive_command said.");
                return;
            }
            Thread.sleep(50);
        }
        report.ok(
                "archiving",
                "segment " + segment + " was in " + place + " after "
                        + Words.span(Duration.between(begin, Instant.now())));
    }

    private static String lastFailure(ServerSession session) throws IOException {
        Optional<String> failed = session.queryOptionalText(
                "SELECT last_failed_wal || ' failed last at ' || last_failed_time FROM pg_stat_archiver"
                        + " WHERE last_failed_time IS NOT NULL");
        return failed.map(text -> "; " + text).orElse("");
    }
}
