package org.pgark.physical.wal;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What an archive worker has met since it began.
 *
 * @param since when it began
 * @param archived how many files it has archived
 * @param failures how often archiving a file failed
 * @param repeated how many requests to the stores were made again
 * @param lastFailure the last failure
 */
public record WorkerState(Instant since, long archived, long failures, long repeated, Optional<Failure> lastFailure) {
    private static final String FORMAT = "pgark worker state 1";

    public WorkerState {
        Objects.requireNonNull(since, "since is null");
        Objects.requireNonNull(lastFailure, "lastFailure is null");
    }

    /**
     * A failure to archive a file.
     *
     * @param time when
     * @param name the file's name
     * @param message one line
     */
    public record Failure(Instant time, String name, String message) {
        public Failure {
            Objects.requireNonNull(time, "time is null");
            Objects.requireNonNull(name, "name is null");
            message = message.replaceAll("\\s+", " ").strip();
        }
    }

    /** Leaves it in the spool. */
    public void write(Spool spool) throws IOException {
        SpoolFile.write(
                spool.stateFile(),
                FORMAT,
                List.of(
                        since.toString(),
                        Long.toString(archived),
                        Long.toString(failures),
                        Long.toString(repeated),
                        lastFailure.map(failure -> failure.time().toString()).orElse(""),
                        lastFailure.map(Failure::name).orElse(""),
                        lastFailure.map(Failure::message).orElse("")));
    }

    /** What the last worker left there. */
    public static Optional<WorkerState> in(Spool spool) throws IOException {
        Optional<List<String>> lines = SpoolFile.read(spool.stateFile(), FORMAT).filter(read -> read.size() == 7);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        List<String> read = lines.get();
        try {
            Optional<Failure> failure = read.get(4).isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Failure(Instant.parse(read.get(4)), read.get(5), read.get(6)));
            return Optional.of(new WorkerState(
                    Instant.parse(read.getFirst()),
                    Long.parseLong(read.get(1)),
                    Long.parseLong(read.get(2)),
                    Long.parseLong(read.get(3)),
                    failure));
        } catch (DateTimeException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
