package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.change.ChangeMap;
import org.pgark.physical.change.ChangeRange;
import org.pgark.physical.change.UnknownChangesException;
import org.pgark.physical.change.WalChangeReader;
import org.pgark.physical.change.WalSummaries;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.page.PageChecksum;
import org.pgark.postgres.wal.TimelineHistory;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ChangeSource;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.manifest.ManifestReader;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.PackSummary;

/**
 * Chooses the backup with which a new one shares content, and finds out what changed since.
 *
 * <p>What changed is only known if records of all WAL from the base's redo position to that of this backup are, and if
 * the base was consistent before this backup starts, on this timeline or one that it comes from: a server that lagged, or
 * went another way since, may hold pages older than the base has them.
 */
final class BaseChoice {
    /** Reading so many bytes of files takes no longer than finding out what one byte of WAL says. */
    private static final int WAL_COST = 3;

    /** Reading so many bytes of files takes no longer than reading what the archive keeps beside one segment. */
    private static final long NOTES_COST = 256 << 10;

    private static final Duration SUMMARIZER_PATIENCE = Duration.ofSeconds(30);

    private final BackupRequest request;
    private final ClusterRepository repository;
    private final ServerSession session;
    private final ProgressListener progress;

    BaseChoice(BackupRequest request, ClusterRepository repository, ServerSession session, ProgressListener progress) {
        this.request = request;
        this.repository = repository;
        this.session = session;
        this.progress = progress;
    }

    /**
     * Chooses the newest backup whose packs are all there.
     *
     * @param start from where the new backup will be replayed
     * @param bytes how many bytes its files have
     */
    ChosenBase choose(Lsn start, long bytes) throws IOException, InterruptedException {
        if (request.full()) {
            return ChosenBase.NONE;
        }
        Optional<Candidate> newest = newest(repository, progress);
        return newest.isPresent()
                ? withChanges(newest.get().record, newest.get().packs, start, bytes)
                : ChosenBase.NONE;
    }

    /**
     * A backup that can be restored.
     *
     * @param packs all that it needs
     */
    record Candidate(BackupRecord record, List<PackSummary> packs) {}

    /** The newest backup whose packs are all there. */
    static Optional<Candidate> newest(ClusterRepository repository, ProgressListener progress) throws IOException {
        for (BackupRecord candidate : repository.backups().reversed()) {
            List<PackSummary> packs = repository.packs(candidate.id());
            List<PackSummary> missing = repository.missing(packs);
            if (missing.isEmpty()) {
                return Optional.of(new Candidate(candidate, packs));
            }
            progress.warning("backup " + candidate.id() + " cannot be restored: " + missing.size()
                    + " of its packs are missing or have another size, among them "
                    + missing.getFirst().id() + "; nothing is shared with it");
        }
        return Optional.empty();
    }

    /** The newest one whose list of files can be read as a whole too. */
    static Optional<Candidate> newestListed(ClusterRepository repository, ProgressListener progress)
            throws IOException {
        return newest(repository, progress).filter(candidate -> isWhole(candidate, repository, progress));
    }

    /** Whether the whole list of files of a backup can be read, which is needed again when all files have come. */
    private static boolean isWhole(Candidate candidate, ClusterRepository repository, ProgressListener progress) {
        try (FrameReader frames = repository.frameReader()) {
            ManifestReader.Cursor entries =
                    new ManifestReader(frames, candidate.record().manifest()).entries();
            while (entries.next().isPresent()) {
                if (Thread.currentThread().isInterrupted()) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            progress.warning("the list of files of backup " + candidate.record().id()
                    + " cannot be read, nothing is shared with it: " + e.getMessage());
            return false;
        }
    }

    /**
     * Why nobody can tell what changed since a backup, in words that follow "because"; empty if it can be told. Base backups
     * that were put together from a disk are of this cluster, but may be of a copy of its server that went another way; of
     * these nobody knows names of relations.
     */
    static Optional<String> strangeness(BackupRecord base) {
        return base.relationNames().isPresent()
                ? Optional.empty()
                : Optional.of("it was put together from backups on disk, perhaps of a copy of this server");
    }

    private ChosenBase withChanges(BackupRecord base, List<PackSummary> packs, Lsn start, long bytes)
            throws IOException, InterruptedException {
        ChangeSource source = ChangeSource.READ;
        Optional<ChangeMap> changes = Optional.empty();
        try {
            ControlFile control = ControlFile.parse(ControlFile.readConsistent(request.dataDirectory()));
            ChangeRange range = range(base, control, start);
            Optional<ChangeMap> summaries = summaries(base, range);
            source = summaries.isPresent() ? ChangeSource.WAL_SUMMARIES : ChangeSource.WAL;
            changes = summaries.isPresent() ? summaries : Optional.of(wal(base, range, control, bytes));
        } catch (UnknownChangesException e) {
            source = ChangeSource.READ;
            progress.notice("every page is read and compared with backup " + base.id() + ": " + e.getMessage());
        }
        if (changes.isPresent()) {
            progress.notice("what changed since backup " + base.id() + " is known from "
                    + (source == ChangeSource.WAL ? "the WAL since" : "the server's WAL summaries"));
        }
        return new ChosenBase(
                Optional.of(base),
                packs,
                changes,
                new BackupRecord.Basis(
                        Optional.of(base.id()), source, base.basis().turn() + 1));
    }

    private ChangeRange range(BackupRecord base, ControlFile control, Lsn start)
            throws IOException, UnknownChangesException {
        if (request.readAll()) {
            throw new UnknownChangesException("that was asked for");
        }
        Optional<String> strangeness = strangeness(base);
        if (strangeness.isPresent()) {
            throw new UnknownChangesException(strangeness.get());
        }
        if (control.blockSize() != PageChecksum.PAGE_BYTES) {
            throw new UnknownChangesException("the server's pages have " + control.blockSize() + " bytes");
        }
        if (base.server().checksumVersion() != control.dataChecksumVersion()) {
            throw new UnknownChangesException("data checksums were switched since");
        }
        TimelineHistory history = history(control.timeline());
        if (base.wal().stopLsn().isAfter(start)) {
            throw new UnknownChangesException("it ended at " + base.wal().stopLsn() + ", after this server's " + start);
        }
        if (!history.contains(base.wal().stopTimeline(), base.wal().stopLsn())) {
            throw new UnknownChangesException("it ended at " + base.wal().stopLsn() + " on timeline "
                    + base.wal().stopTimeline() + ", which timeline " + control.timeline() + " does not come from");
        }
        return new ChangeRange(history, base.wal().redoLsn(), start);
    }

    private TimelineHistory history(Timeline timeline) throws IOException, UnknownChangesException {
        if (timeline.equals(Timeline.FIRST)) {
            return TimelineHistory.withoutAncestors(timeline);
        }
        try {
            return TimelineHistory.parse(timeline, Files.readString(pgWal().resolve(timeline.historyFileName())));
        } catch (NoSuchFileException e) {
            Optional<String> archived = repository.walArchive().history(timeline);
            if (archived.isEmpty()) {
                throw new UnknownChangesException("there is no \"" + timeline.historyFileName() + "\"");
            }
            return TimelineHistory.parse(timeline, archived.get());
        }
    }

    private Path pgWal() {
        return request.dataDirectory().resolve("pg_wal");
    }

    private Optional<ChangeMap> summaries(BackupRecord base, ChangeRange range) throws InterruptedException {
        if (session.major().compareTo(PostgresMajor.V17) < 0) {
            return Optional.empty();
        }
        if (!wasTakenHere(base)) {
            progress.notice("the server's WAL summaries are not used: nothing in pg_wal shows that backup " + base.id()
                    + " was taken of it");
            return Optional.empty();
        }
        try {
            return Optional.of(new WalSummaries(session.settings(), SUMMARIZER_PATIENCE).read(range));
        } catch (UnknownChangesException e) {
            progress.notice(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /**
     * Whether the server still has its record of the base. A server to which older files were given back goes another way
     * on the same timeline, even through the same positions, and its summaries do not tell.
     */
    private boolean wasTakenHere(BackupRecord base) {
        BackupRecord.WalSpan wal = base.wal();
        long offset = wal.startLsn().minus(wal.first().start(wal.segmentSize()));
        Path history = pgWal().resolve(String.format(Locale.ROOT, "%s.%08X.backup", wal.first(), offset));
        try {
            return Files.readString(history).contains("LABEL: pgark " + base.id() + "\n");
        } catch (IOException e) {
            return false;
        }
    }

    private ChangeMap wal(BackupRecord base, ChangeRange range, ControlFile control, long bytes)
            throws IOException, UnknownChangesException, InterruptedException {
        checkSameHistory(base);
        WalSegmentSize size = control.walSegmentSize();
        WalChangeReader reader = new WalChangeReader(
                control.major(), control.blockSize(), size, new ServerOrArchive(repository.walArchive(), pgWal()));
        WalChangeReader.Plan plan = reader.plan(range, bytes / NOTES_COST);
        if (plan.bytes(size) * WAL_COST + plan.kept() * NOTES_COST > bytes) {
            throw new UnknownChangesException("reading " + plan.bytes(size) + " bytes of WAL"
                    + (plan.kept() == 0 ? "" : " and what the archive keeps of " + plan.kept() + " segments")
                    + " would take longer than reading " + bytes + " bytes of files");
        }
        ChangeMap changes = reader.read(plan);
        if (plan.kept() > 0) {
            progress.notice("of " + plan.kept() + " segments of WAL the archive keeps what they changed, "
                    + (plan.segments().size() - plan.kept()) + " were read");
        }
        return changes;
    }

    /**
     * What the server still has of the base's WAL must be what the archive has, in which a base is only recorded with all
     * of its WAL. What the server no longer has it has archived itself, or taken from there.
     */
    private void checkSameHistory(BackupRecord base) throws IOException, UnknownChangesException {
        BackupRecord.WalSpan wal = base.wal();
        OwnWal own = new OwnWal(repository.walArchive(), request.dataDirectory());
        for (WalSegmentName segment = wal.first();
                segment.compareTo(wal.last()) <= 0;
                segment = segment.next(wal.segmentSize())) {
            if (Files.notExists(pgWal().resolve(segment.toString()))) {
                continue;
            }
            long written = wal.stopLsn().minus(segment.start(wal.segmentSize()));
            try {
                if (!own.isArchived(segment, segment.equals(wal.last()) ? written : Long.MAX_VALUE)) {
                    throw new UnknownChangesException("WAL segment " + segment + " is not in the archive");
                }
            } catch (FailedException e) {
                throw new UnknownChangesException(
                        "this server went another way before backup " + base.id() + " ended: " + e.getMessage());
            }
        }
    }
}
