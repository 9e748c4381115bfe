package org.pgark.physical.standby;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.receive.ReplicationSession;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.connection.ConnectionOption;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ConnectionString;
import org.pgark.postgres.connection.ServerSession;

/**
 * Starts a standby and waits until it streams: by asking it where it lets itself be asked, else by the title of its WAL
 * receiver's process, which says so too.
 */
final class StandbyServer {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Pattern TITLE = Pattern.compile(
            "postgres: (?:.*: )?wal ?receiver(?: process)? +streaming ([0-9A-F]+/[0-9A-F]+).*", Pattern.DOTALL);
    private static final String QUESTION = "select status || '|' || coalesce(sender_host, '') || '|' ||"
            + " coalesce(sender_port, 0) || '|' || coalesce(pg_last_wal_replay_lsn(), latest_end_lsn) from"
            + " pg_stat_wal_receiver";

    private final StandbyRequest request;
    private final StandbyRequest.Start start;
    private final ServerPrograms programs;
    private final StandbyListener listener;

    StandbyServer(StandbyRequest request, ServerPrograms programs, StandbyListener listener) {
        this.request = request;
        this.start = request.start().orElseThrow();
        this.programs = programs;
        this.listener = listener;
    }

    /** The lines of postmaster.pid that matter here. */
    private record Postmaster(long process, int port, String socketFolder) {}

    /** What the standby says of itself. */
    private record Streaming(Lsn position, Optional<String> sender) {}

    /** Starts it and waits. */
    StandbyState streaming(ReplicationSession primary) throws IOException, FailedException, InterruptedException {
        long deadline = System.nanoTime() + start.patience().toNanos();
        start();
        while (true) {
            Postmaster postmaster = postmaster().orElseThrow(() -> failure("the standby's server has ended", ""));
            Optional<Streaming> streaming = streaming(postmaster);
            if (streaming.isPresent()) {
                return new StandbyState(
                        postmaster.process(),
                        postmaster.port(),
                        streaming.get().position(),
                        primary.identifySystem().position(),
                        streaming.get().sender());
            }
            if (System.nanoTime() > deadline) {
                throw failure(
                        "the standby runs, but did not stream within "
                                + start.patience().toSeconds() + " s",
                        "It runs on and keeps trying; its messages are in " + request.log() + " or where its"
                                + " configuration sends them.");
            }
            Thread.sleep(POLL);
        }
    }

    private void start() throws IOException, FailedException {
        listener.line("starting the server");
        ServerPrograms.Ended ended = ServerPrograms.run(programs.command(
                "pg_ctl",
                List.of(
                        "start",
                        "--silent",
                        "--wait",
                        "--timeout=" + Math.max(1, start.patience().toSeconds()),
                        "--pgdata=" + request.directory(),
                        "--log=" + request.log())));
        // A server that is slow to come up is waited for by who asks whether it streams.
        if (ended.exitStatus() != 0 && postmaster().isEmpty()) {
            throw failure(
                    "the standby's server did not start",
                    "The files stay; correct what is wrong and start it with: "
                            + programs.folder().resolve("pg_ctl") + " start -D " + request.directory());
        }
    }

    private Optional<Postmaster> postmaster() throws IOException {
        try {
            List<String> lines = Files.readAllLines(request.directory().resolve("postmaster.pid"));
            if (lines.size() < 5) {
                return Optional.empty();
            }
            long process = Long.parseLong(lines.get(0).strip());
            boolean lives =
                    ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
            return lives
                    ? Optional.of(new Postmaster(
                            process,
                            Integer.parseInt(lines.get(3).strip()),
                            lines.get(4).strip()))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Optional<Streaming> streaming(Postmaster postmaster) throws IOException {
        if (!postmaster.socketFolder().isEmpty()) {
            for (String user : users()) {
                try (ServerSession session = ServerSession.open(settings(postmaster, user))) {
                    Optional<String> answer = session.queryOptionalText(QUESTION);
                    return answer.isPresent() ? said(answer.get()) : byTitle(postmaster);
                } catch (ConnectionException e) {
                    // Not in, or not yet; the next user, or the process's title, may say more.
                }
            }
        }
        return byTitle(postmaster);
    }

    private Set<String> users() {
        return new LinkedHashSet<>(List.of(
                System.getProperty("user.name"), "postgres", request.primary().user()));
    }

    private ConnectionSettings settings(Postmaster postmaster, String user) throws IOException {
        Map<ConnectionOption, String> options = new EnumMap<>(ConnectionOption.class);
        options.put(ConnectionOption.HOST, postmaster.socketFolder());
        options.put(ConnectionOption.PORT, Integer.toString(postmaster.port()));
        options.put(ConnectionOption.USER, user);
        options.put(ConnectionOption.DBNAME, "postgres");
        options.put(ConnectionOption.CONNECT_TIMEOUT, "5");
        return ConnectionSettings.resolve(
                new ConnectionString(""),
                Map.of(),
                options,
                ConnectionEnvironment.of(
                        Map.of(), Path.of(System.getProperty("user.home")), System.getProperty("user.name")));
    }

    private static Optional<Streaming> said(String answer) {
        String[] words = answer.split("\\|", -1);
        if (!words[0].equals("streaming")) {
            return Optional.empty();
        }
        return Optional.of(new Streaming(
                Lsn.parse(words[3]), words[1].isEmpty() ? Optional.empty() : Optional.of(words[1] + ":" + words[2])));
    }

    private static Optional<Streaming> byTitle(Postmaster postmaster) {
        for (ProcessHandle child : ProcessHandle.of(postmaster.process())
                .map(ProcessHandle::children)
                .orElseGet(java.util.stream.Stream::empty)
                .toList()) {
            try {
                String title = Files.readString(
                        Path.of("/proc", Long.toString(child.pid()), "cmdline"), StandardCharsets.ISO_8859_1);
                Matcher matcher = TITLE.matcher(title.replace('\0', ' '));
                if (matcher.matches()) {
                    return Optional.of(new Streaming(Lsn.parse(matcher.group(1)), Optional.empty()));
                }
            } catch (IOException e) {
                // It has ended meanwhile; the file is gone, or cannot be read any more.
            }
        }
        return Optional.empty();
    }

    /** With the last thing that the server complained of. */
    private FailedException failure(String what, String hint) {
        String complaint = lastComplaint();
        return new FailedException("standby_not_streaming", complaint.isEmpty() ? what : what + ": " + complaint, hint);
    }

    private String lastComplaint() {
        try (java.util.stream.Stream<String> lines = Files.lines(request.log(), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.matches(".*\\b(FATAL|PANIC|ERROR): .*"))
                    .reduce((first, second) -> second)
                    .map(line -> line.replaceFirst(".*?\\b((?:FATAL|PANIC|ERROR): )", "$1"))
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
