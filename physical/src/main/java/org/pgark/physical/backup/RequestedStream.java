package org.pgark.physical.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.basebackup.ArchiveCompression;
import org.pgark.physical.basebackup.BaseBackupRequest;
import org.pgark.physical.basebackup.BaseBackupStream;
import org.pgark.physical.basebackup.ServerRefusalException;
import org.pgark.physical.basebackup.WalMethod;
import org.pgark.physical.change.ChangeMap;
import org.pgark.physical.change.ChangeRange;
import org.pgark.physical.change.RelationLimits;
import org.pgark.physical.change.UnknownChangesException;
import org.pgark.physical.change.WalSummaries;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.systemcall.SyncMethod;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.datadir.RelationPath;
import org.pgark.postgres.manifest.ManifestChecksum;
import org.pgark.postgres.wal.TimelineHistory;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ChangeSource;
import org.pgark.repository.manifest.ManifestReader;

/** The server's stream from its beginning to its end. */
final class RequestedStream {
    private static final int KILOBYTE = 1024;
    /** The limits that the server sets to its rate. */
    private static final long SLOWEST = 32;

    private static final long FASTEST = 1 << 20;
    private static final int SUMMARIES = 170_000;
    private static final int ATTEMPTS = 2;
    private static final Duration SUMMARIZER_PATIENCE = Duration.ofSeconds(30);

    private final BackupRequest request;
    private final StreamConnection server;
    private final ProgressListener progress;
    private final String label;
    private final Optional<BaseChoice.Candidate> candidate;
    private final Optional<ManifestReader> manifest;
    private final KnownContent known;
    private final Optional<String> distrust;
    private Optional<SummarizedTurn> turn = Optional.empty();
    private Optional<BaseBackupStream> source = Optional.empty();
    private Optional<BaseBackupStream.End> end = Optional.empty();
    private boolean incremental;
    private long startedNanos;

    /**
     * @param label of the backup
     * @param candidate the backup to share with, if there is one
     * @param manifest of that
     * @param distrust why changes are not wanted, in words that follow "because"; empty if they are
     */
    RequestedStream(
            BackupRequest request,
            StreamConnection server,
            ProgressListener progress,
            String label,
            Optional<BaseChoice.Candidate> candidate,
            Optional<ManifestReader> manifest,
            KnownContent known,
            Optional<String> distrust) {
        this.request = request;
        this.server = server;
        this.progress = progress;
        this.label = label;
        this.candidate = candidate;
        this.manifest = manifest;
        this.known = known;
        this.distrust = distrust;
    }

    /** Has the server begin, with changes only if it can. */
    void begin() throws IOException, InterruptedException {
        if (candidate.isPresent()) {
            BackupRecord record = candidate.get().record();
            try {
                for (int attempt = 0; attempt < ATTEMPTS && source.isEmpty(); attempt++) {
                    beginIncremental(record, manifest.orElseThrow());
                }
                if (source.isEmpty()) {
                    throw new UnknownChangesException("files were cut whenever it began to send changes");
                }
                progress.notice(
                        "the server sends what changed since backup " + record.id() + ", as its WAL summaries say");
            } catch (UnknownChangesException e) {
                progress.notice("the server sends all files, which are compared with backup " + record.id() + ": "
                        + e.getMessage());
            }
        }
        incremental = source.isPresent();
        if (source.isEmpty()) {
            sayCheckpoint();
            source = Optional.of(BaseBackupStream.begin(server.stream(), asked(Optional.empty())));
        }
        startedNanos = System.nanoTime();
    }

    private void sayCheckpoint() {
        progress.phase(
                switch (request.checkpoint()) {
                    case FAST -> "fast checkpoint";
                    case SPREAD -> "spread checkpoint";
                });
    }

    /**
     * Has the server begin with changes only; gives that up again if a file was cut before it began.
     *
     * @throws UnknownChangesException if it cannot be done
     */
    private void beginIncremental(BackupRecord record, ManifestReader reader)
            throws IOException, UnknownChangesException, InterruptedException {
        Optional<String> obstacle = distrust.isPresent() ? distrust : obstacle(record);
        if (obstacle.isPresent()) {
            throw new UnknownChangesException(obstacle.get());
        }
        RelationLimits limits = new RelationLimits(
                server.session()
                        .orElseThrow(() -> new UnknownChangesException(
                                "only an ordinary session tells which files were cut since")),
                SUMMARIZER_PATIENCE);
        TimelineHistory history = history();
        ChangeMap before =
                limits.soFar(range(record, history, server.reached(record.wal().stopLsn())));
        SummarizedTurn whole = new SummarizedTurn(server.source().relationSegmentBlocks());
        try (UploadedManifest uploaded = UploadedManifest.of(
                record, reader, known, isCutIn(before), record.basis().turn() + 1, request.recheck(), whole::add)) {
            if (uploaded.listed() == 0) {
                throw new UnknownChangesException("it has no file of which the changes could be sent");
            }
            sayCheckpoint();
            source = Optional.of(BaseBackupStream.begin(server.stream(), asked(Optional.of(uploaded.file()))));
        } catch (ServerRefusalException e) {
            throw new UnknownChangesException(String.valueOf(e.getMessage()));
        }
        Optional<UnknownChangesException> doubt = Optional.empty();
        try {
            if (!source().timeline().equals(history.timeline())) {
                throw new UnknownChangesException("it went over to timeline " + source().timeline());
            }
            Predicate<RelationPath> meanwhile = isCutIn(limits.of(range(record, history, source().start())));
            Optional<String> cut = UploadedManifest.oneThatWasCut(
                    reader, meanwhile.and(isCutIn(before).negate()));
            if (cut.isEmpty()) {
                turn = Optional.of(summarized(whole, range(record, history, source().start())));
                return;
            }
            progress.notice("\"" + cut.get() + "\" was cut when the backup began, it begins again");
        } catch (UnknownChangesException e) {
            doubt = Optional.of(e);
        }
        source = Optional.empty();
        server.restart();
        if (doubt.isPresent()) {
            throw doubt.get();
        }
    }

    /** What travels as a whole because it is its turn can be compared with the base, page by page. */
    private SummarizedTurn summarized(SummarizedTurn whole, ChangeRange range) throws InterruptedException {
        if (!whole.relations().isEmpty()) {
            try {
                whole.changed(new WalSummaries(server.settings(), SUMMARIZER_PATIENCE).read(range, whole.relations()));
            } catch (UnknownChangesException e) {
                progress.notice("the files that come as a whole in turn are not compared with the backup before: "
                        + e.getMessage());
            }
        }
        return whole;
    }

    private Predicate<RelationPath> isCutIn(ChangeMap changes) {
        return path -> changes.isCut(path, server.source().relationSegmentBlocks());
    }

    private TimelineHistory history() throws IOException {
        Timeline timeline = server.source().timeline();
        return timeline.equals(Timeline.FIRST)
                ? TimelineHistory.withoutAncestors(timeline)
                : TimelineHistory.parse(timeline, new String(server.history(timeline), StandardCharsets.UTF_8));
    }

    private static ChangeRange range(BackupRecord record, TimelineHistory history, Lsn to)
            throws UnknownChangesException {
        BackupRecord.WalSpan wal = record.wal();
        if (wal.stopLsn().isAfter(to)) {
            throw new UnknownChangesException("it ended at " + wal.stopLsn() + ", after this server's " + to);
        }
        if (!history.contains(wal.stopTimeline(), wal.stopLsn())) {
            throw new UnknownChangesException("it ended at " + wal.stopLsn() + " on timeline " + wal.stopTimeline()
                    + ", which timeline " + history.timeline() + " does not come from");
        }
        return new ChangeRange(history, wal.redoLsn(), to);
    }

    private Optional<String> obstacle(BackupRecord record) {
        StreamSource from = server.source();
        if (request.readAll()) {
            return Optional.of("that was asked for");
        }
        if (from.versionNumber() < SUMMARIES) {
            return Optional.of("server version " + from.version() + " keeps no WAL summaries");
        }
        if (!from.summarizesWal()) {
            return Optional.of("the server keeps no WAL summaries, summarize_wal is off");
        }
        if (from.blockSize() != IncrementalHeader.PAGE) {
            return Optional.of("the server's pages have " + from.blockSize() + " bytes");
        }
        if (record.server().checksumVersion() != (from.pageChecksums() ? 1 : 0)) {
            return Optional.of("data checksums were switched since");
        }
        if (!record.wal().startTimeline().equals(record.wal().stopTimeline())) {
            return Optional.of("it began and ended on different timelines");
        }
        return BaseChoice.strangeness(record);
    }

    private BaseBackupRequest asked(Optional<Path> incrementalFrom) {
        return new BaseBackupRequest(
                new BaseBackupRequest.Output.TarStream(OutputStream.nullOutputStream()),
                label,
                request.checkpoint() == CheckpointSpeed.FAST,
                maxRate(),
                server.source().readOnly() ? WalMethod.FETCH : WalMethod.NONE,
                new BaseBackupRequest.Slot.None(),
                true,
                true,
                Optional.of(new BaseBackupRequest.ManifestOptions(false, Optional.of(ManifestChecksum.CRC32C.word()))),
                Optional.empty(),
                ArchiveCompression.NONE,
                incrementalFrom,
                Optional.empty(),
                false,
                Duration.ZERO,
                SyncMethod.FSYNC);
    }

    private int maxRate() {
        return request.rate() == 0 ? 0 : (int) Math.clamp(request.rate() / KILOBYTE, SLOWEST, FASTEST);
    }

    /** Receives everything, and has it packed. */
    void receive(ReceivingPass pass) throws IOException, FailedException {
        source().receive(pass);
        end = Optional.of(source().finish());
        pass.finish();
    }

    /** The stream, which has begun. */
    BaseBackupStream source() {
        return source.orElseThrow();
    }

    /** How it ended. */
    BaseBackupStream.End end() {
        return end.orElseThrow();
    }

    /** Whether of some files only the changes come. */
    boolean isIncremental() {
        return incremental;
    }

    /** The files that come as a whole though only changes come of the others, and could be compared. */
    Optional<SummarizedTurn> turn() {
        return turn;
    }

    /** When the server's checkpoint was over, by System.nanoTime(). */
    long startedNanos() {
        return startedNanos;
    }

    /** With which backup content is shared. */
    ChosenBase base() {
        return candidate
                .map(found -> new ChosenBase(
                        Optional.of(found.record()),
                        found.packs(),
                        Optional.empty(),
                        new BackupRecord.Basis(
                                Optional.of(found.record().id()),
                                incremental ? ChangeSource.WAL_SUMMARIES : ChangeSource.READ,
                                found.record().basis().turn() + 1)))
                .orElse(ChosenBase.NONE);
    }
}
