package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Words;
import org.pgark.physical.wal.BacklogLimit;
import org.pgark.physical.wal.ReleasedWal;
import org.pgark.physical.wal.Spool;
import org.pgark.physical.wal.WaitingWal;
import org.pgark.physical.wal.WorkerState;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.ClusterRepository;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How much WAL of a cluster of this host waits to be archived, what the archive worker met, and what was let go.
 *
 * @param limit how much may wait
 * @param waiting what waits; empty if its data directory is not on this host or not readable
 * @param worker what the last worker met
 * @param released what was let go, the oldest first
 * @param now when this was found out
 */
record BacklogReport(
        BacklogLimit limit,
        Optional<WaitingWal> waiting,
        Optional<WorkerState> worker,
        List<ReleasedWal> released,
        Instant now) {
    /** How it stands now. */
    static BacklogReport of(ClusterConfiguration cluster, BacklogLimit limit) throws IOException {
        Spool spool = WorkerStart.spools().spool(cluster.name());
        return new BacklogReport(
                limit,
                waiting(cluster.dataDirectory()),
                Files.isReadable(spool.stateFile()) ? WorkerState.in(spool) : Optional.empty(),
                Files.isReadable(spool.releasedFile()) ? ReleasedWal.in(spool) : List.of(),
                Instant.now());
    }

    private static Optional<WaitingWal> waiting(Optional<Path> dataDirectory) throws IOException {
        if (dataDirectory.isEmpty() || !Files.isReadable(dataDirectory.get().resolve("pg_wal/archive_status"))) {
            return Optional.empty();
        }
        return Optional.of(WaitingWal.in(dataDirectory.get()));
    }

    /** Whether more waits than may. */
    boolean isLimitReached() {
        return waiting.map(wal -> limit.isReached(wal, now)).orElse(false);
    }

    /** What waits, in a few words; empty if it is not known. */
    Optional<String> waitingInWords() {
        return waiting.map(wal -> Words.count(wal.files(), "file") + " of pg_wal to be archived"
                + (wal.files() == 0
                        ? ""
                        : ", " + Words.size(wal.bytes()) + ", the oldest for " + Words.span(wal.age(now))));
    }

    private String limitInWords() {
        String bytes = limit.bytes() > 0 ? Words.size(limit.bytes()) : "";
        String age = limit.age().isZero() ? "" : Words.span(limit.age());
        return bytes + (bytes.isEmpty() || age.isEmpty() ? "" : " or ") + age + ", then \""
                + limit.action().word() + "\"";
    }

    /** Segments that no archive has, unless it got them later. */
    List<ReleasedWal> lost(ClusterRepository repository) throws IOException {
        List<ReleasedWal> lost = new java.util.ArrayList<>();
        for (ReleasedWal one : released) {
            boolean archived = WalSegmentName.isName(one.name())
                    && repository.walArchive().contains(WalSegmentName.parse(one.name()));
            if (!one.kept() && !archived) {
                lost.add(one);
            }
        }
        return lost;
    }

    /** Lines below that of the cluster. */
    void print(Output output, ObjectNode json) {
        waiting.ifPresent(wal -> {
            json.put("ready_files", wal.files()).put("ready_bytes", wal.bytes());
            wal.since().ifPresent(since -> json.put("ready_since", since.toString()));
        });
        if (!limit.isOff()) {
            output.line("  limit of what waits: " + limitInWords() + (isLimitReached() ? "; REACHED" : ""));
            json.put("max_backlog_bytes", limit.bytes())
                    .put("max_backlog_seconds", limit.age().toSeconds())
                    .put("at_max_backlog", limit.action().word())
                    .put("max_backlog_reached", isLimitReached());
        }
        worker.ifPresent(state -> print(state, output, json));
        ArrayNode names = json.putArray("released");
        for (ReleasedWal one : released) {
            names.addObject()
                    .put("name", one.name())
                    .put("time", one.time().toString())
                    .put("in_a_repository", one.kept())
                    .put("reason", one.reason());
        }
        if (!released.isEmpty()) {
            ReleasedWal last = released.getLast();
            long given = released.stream().filter(one -> !one.kept()).count();
            output.line("  let go at the limit: " + Words.count(released.size(), "file") + ", the last " + last.name()
                    + " at " + Words.instant(last.time()) + (given > 0 ? "; GIVEN UP: " + given : ""));
        }
    }

    private static void print(WorkerState state, Output output, ObjectNode json) {
        ObjectNode worker = json.putObject("worker")
                .put("since", state.since().toString())
                .put("archived", state.archived())
                .put("failures", state.failures())
                .put("repeated_requests", state.repeated());
        output.line(
                "  archive worker since " + Words.instant(state.since()) + ": " + Words.count(state.archived(), "file")
                        + " archived, " + Words.count(state.failures(), "failure") + ", "
                        + Words.count(state.repeated(), "request") + " made again");
        state.lastFailure().ifPresent(failure -> {
            output.line("  last failure at " + Words.instant(failure.time()) + ": " + failure.message());
            worker.putObject("last_failure")
                    .put("time", failure.time().toString())
                    .put("name", failure.name())
                    .put("message", failure.message());
        });
    }

    /** As lines of {@code pgark check}. */
    void check(CheckReport report, Optional<ClusterRepository> nearest) throws IOException {
        if (waiting.isPresent()) {
            String words = waitingInWords().orElseThrow();
            if (limit.isOff()) {
                report.ok("backlog", words + ", no limit");
            } else if (isLimitReached()) {
                report.failed(
                        "backlog",
                        words + "; the LIMIT IS REACHED: " + limitInWords(),
                        "\"pgark wal status\" tells what the archive worker met.");
            } else if (limit.isNear(waiting.get(), now)) {
                report.warning("backlog", words + "; more than half of the limit: " + limitInWords(), "");
            } else {
                report.ok("backlog", words + "; limit: " + limitInWords());
            }
        }
        if (nearest.isEmpty()) {
            return;
        }
        List<ReleasedWal> open = sinceLastBackup(nearest.get());
        if (!open.isEmpty()) {
            report.failed(
                    "WAL given up",
                    inWords(open) + ", and no backup was taken since",
                    "Run \"pgark backup\": what came after the hole can be restored only from a backup taken behind"
                            + " it.");
        }
    }

    /** What was given up and is not behind a newer backup yet. */
    List<ReleasedWal> sinceLastBackup(ClusterRepository repository) throws IOException {
        Instant newest = repository.backups().stream()
                .map(backup -> backup.startTime())
                .max(Instant::compareTo)
                .orElse(Instant.MIN);
        return lost(repository).stream()
                .filter(one -> one.time().isAfter(newest))
                .toList();
    }

    /** Names the first and the last. */
    static String inWords(List<ReleasedWal> lost) {
        return Words.count(lost.size(), "WAL file") + " given up at the limit of what may wait, "
                + lost.getFirst().name()
                + (lost.size() > 1 ? " to " + lost.getLast().name() : "")
                + ", " + Words.instant(lost.getFirst().time());
    }
}
