package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.storedbackup.CombinedFiles;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.label.BackupLabel;
import org.pgark.postgres.manifest.WalRange;
import org.pgark.postgres.page.PageChecksum;
import org.pgark.repository.BackupId;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.BackupSession;
import org.pgark.repository.ChangeSource;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.manifest.ManifestReader;
import org.pgark.repository.manifest.ManifestWriter;
import org.pgark.repository.manifest.StreamRoot;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.PackContentsCache;
import org.pgark.repository.pack.PackSummary;
import org.pgark.repository.pack.PackWriter;

/**
 * A backup in a repository that is put together from base backups on disk, a full one and incremental ones on top of it. In
 * the repository it is like any other, but that nobody knows the names of its relations.
 *
 * <p>Nothing of it is visible there until all files and all WAL that it needs are durable.
 */
public final class CombinedBackup {
    private final BackupRequest request;
    private final ClusterRepository repository;
    private final CombinedFiles files;
    private final ProgressListener progress;
    private final RandomGenerator random;
    private final AtomicLong pagesChecked = new AtomicLong();
    private final OwnerNames owners = new OwnerNames();
    private final SharedRuns shared = new SharedRuns();

    /**
     * Prepares a backup; nothing happens yet.
     *
     * @param request its data directory, checkpoint and rate do not matter
     * @param files which were verified
     * @param random draws the letters of the backup's id
     */
    public CombinedBackup(
            BackupRequest request,
            ClusterRepository repository,
            CombinedFiles files,
            ProgressListener progress,
            RandomGenerator random) {
        this.request = request;
        this.repository = repository;
        this.files = files;
        this.progress = progress;
        this.random = random;
    }

    /**
     * Makes sure that a backup can be made, and that its WAL is there; stores nothing.
     *
     * @throws OperationException if it cannot
     */
    public void check() throws OperationException, IOException {
        Source source = source();
        source.wal.require();
    }

    /**
     * Makes the backup. Damaged pages do not fail it; the outcome tells of them.
     *
     * @throws OperationException if it is refused or fails
     * @throws InterruptedException if this thread was interrupted, which gives the backup up
     */
    public BackupOutcome run() throws OperationException, IOException, InterruptedException {
        progress.phase("checking");
        Source source = source();
        Instant lastCommit = source.wal.require();
        BackupId id = Backup.unusedId(repository, Instant.now(), random);
        String directory = files.last().toAbsolutePath().normalize().toString();
        try (BackupSession session = repository.beginBackup(Backup.hostName() + ":" + directory)) {
            long begin = System.nanoTime();
            if (!source.wal.isToBeCarried()) {
                source.wal.archiveHistory();
            }
            Copied copied = copied(source, lastCommit, session);
            List<PackSummary> needed = copied.needed();
            BackupRecord.Server server = new BackupRecord.Server(
                    Integer.toString(source.control.major().number()),
                    source.control.major(),
                    source.control.systemIdentifier(),
                    source.control.dataChecksumVersion(),
                    source.label.fromStandby(),
                    Backup.hostName(),
                    directory,
                    owners.users(),
                    owners.groups(),
                    copied.tablespaces(),
                    Optional.empty());
            BackupRecord record =
                    copied.record(id, request, source.control.checkpointTime(), lastCommit, server, needed.size());
            CommitThread.commit(session, record, needed);
            return new BackupOutcome(
                    record,
                    copied.damage().pages(),
                    false,
                    copied.statistics(Duration.ZERO, Duration.ofNanos(System.nanoTime() - begin), Duration.ZERO));
        } catch (ReceivingException e) {
            throw e.unwrapped();
        }
    }

    /** What the last backup says of itself. */
    private record Source(ControlFile control, BackupLabel label, BackupRecord.WalSpan span, CombinedWal wal) {}

    private Source source() throws OperationException, IOException {
        ControlFile control = files.control();
        BackupChecks.requireSameSystem(repository.incarnation(), control.systemIdentifier(), control.walSegmentSize());
        BackupLabel label = BackupLabel.parse(files.label());
        List<WalRange> ranges = files.walRanges();
        if (ranges.size() != 1
                || !new Timeline(ranges.getFirst().timeline()).equals(label.timeline())
                || !ranges.getFirst().start().equals(label.start())) {
            throw new FailedException(
                    "timeline_changed",
                    "backup at \"" + files.last() + "\" needs WAL of more than its timeline " + label.timeline(),
                    "A repository keeps backups that begin and end on one timeline. Take another one.");
        }
        Lsn stop = ranges.getFirst().end();
        BackupRecord.WalSpan span = NeededWal.of(
                label.start(),
                new BackupMode.Stop(stop, files.label(), "", label.timeline(), control.modified()),
                control.walSegmentSize());
        return new Source(
                control, label, span, new CombinedWal(repository.walArchive(), files.last(), label, control, span));
    }

    private Copied copied(Source source, Instant lastCommit, BackupSession session)
            throws OperationException, IOException, InterruptedException {
        progress.phase("storing files");
        progress.total(0, files.expectedBytes());
        Optional<BaseChoice.Candidate> candidate =
                request.full() ? Optional.empty() : BaseChoice.newestListed(repository, progress);
        PackContentsCache contents = repository.packContents(KnownHashes.MEMORY);
        Leftovers leftovers = Leftovers.of(
                request.full() ? List.of() : session.leftovers(),
                contents,
                shared,
                repository.contentHasher(),
                progress);
        int segmentBlocks = source.control.relationSegmentBlocks();
        try (PackWriter metadata = repository.newPack(request.compression());
                FrameReader baseFrames = repository.frameReader();
                FrameReader orderedFrames = repository.frameReader();
                ReceivedFiles received = new ReceivedFiles();
                Recheck recheck = new Recheck(source.span.redoLsn(), repository.frameReader(), progress);
                PackingCrew crew = new ReceivedPackers(
                                request, repository, shared, contents, leftovers, recheck, segmentBlocks, progress)
                        .crew(() -> inspector(source))) {
            Optional<ManifestReader> base = candidate.map(
                    found -> new ManifestReader(baseFrames, found.record().manifest()));
            KnownContent known = new KnownContent(
                    base,
                    Optional.empty(),
                    0,
                    0,
                    segmentBlocks,
                    List.of(),
                    Copying.damaged(repository, baseFrames),
                    progress);
            ReceivingPass pass = new ReceivingPass(
                    new PackingQueue(crew, request.jobs(), received),
                    new ReceivedBase(base, known, leftovers, Optional.empty()),
                    received,
                    owners,
                    false,
                    segmentBlocks,
                    _ -> {
                        throw new IllegalStateException("WAL is not among the files");
                    },
                    new ListedChecksums(files));
            files.send(pass);
            pass.finish();
            List<PackSummary> packs = new ArrayList<>(crew.commit());
            leftovers.tellSaved(progress);
            Optional<ManifestReader.Cursor> ordered = Optional.empty();
            if (candidate.isPresent()) {
                ordered = Optional.of(new ManifestReader(
                                orderedFrames, candidate.get().record().manifest())
                        .entries());
            }
            return finished(source, lastCommit, pass, received, candidate, ordered, metadata, packs, leftovers);
        }
    }

    private Optional<PageInspector> inspector(Source source) {
        boolean inspects = source.control.hasDataChecksums() && source.control.blockSize() == PageChecksum.PAGE_BYTES;
        return inspects
                ? Optional.of(new PageInspector(
                        source.span.redoLsn(), _ -> source.span.stopLsn(), pagesChecked, new AtomicLong()))
                : Optional.empty();
    }

    private Copied finished(
            Source source,
            Instant lastCommit,
            ReceivingPass pass,
            ReceivedFiles received,
            Optional<BaseChoice.Candidate> candidate,
            Optional<ManifestReader.Cursor> base,
            PackWriter metadata,
            List<PackSummary> packs,
            Leftovers leftovers)
            throws OperationException, IOException {
        byte[] control = pass.whole(Copying.CONTROL)
                .orElseThrow(() -> new IOException("backup at \"" + files.last() + "\" has no pg_control"));
        String label = new String(pass.whole(BackupLabel.FILE_NAME).orElseThrow(), StandardCharsets.UTF_8);
        BackupMode.Stop stop = new BackupMode.Stop(
                source.span.stopLsn(), label, "", source.span.stopTimeline(), source.control.modified());
        SourceFile likeControl = new SourceFile(
                Copying.CONTROL, Path.of(Copying.CONTROL), pass.controlStatus().orElseThrow());
        DamageReport damage = new DamageReport(_ -> Optional.empty(), source.control.relationSegmentBlocks(), progress);
        ManifestWriter manifest = new ManifestWriter(metadata);
        boolean carries = source.label.fromStandby() || source.wal.isToBeCarried();
        ManifestAssembly assembly = new ManifestAssembly(manifest, owners, damage, Copying.lateFiles(carries));
        received.assemble(assembly, new SourceTree(), base);
        Copying.addLate(assembly, metadata, control, stop, likeControl);
        BackupRecord.WalSpan wal = carries
                ? source.wal.store(
                        metadata,
                        lastCommit,
                        (name, extents) -> Copying.addCarried(assembly, name, likeControl, stop.time(), extents))
                : source.span;
        List<BackupRecord.Tablespace> tablespaces =
                SourceTablespaces.of(assembly.tablespaceLinks(), "", () -> names(candidate));
        StreamRoot root = manifest.finish();
        metadata.commit();
        packs.addAll(metadata.packs());
        return new Copied(
                chosen(candidate),
                stop,
                wal,
                tablespaces,
                root,
                Optional.empty(),
                packs,
                leftovers.usedPacks(),
                assembly,
                damage,
                owners,
                pagesChecked.get(),
                0,
                0);
    }

    /** What the backup before calls its tablespaces, which are of the same cluster. */
    private static Map<Long, String> names(Optional<BaseChoice.Candidate> candidate) {
        Map<Long, String> names = new HashMap<>();
        candidate.ifPresent(
                found -> found.record().server().tablespaces().forEach(one -> names.put(one.oid(), one.name())));
        return names;
    }

    private static ChosenBase chosen(Optional<BaseChoice.Candidate> candidate) {
        return candidate
                .map(found -> new ChosenBase(
                        Optional.of(found.record()),
                        found.packs(),
                        Optional.empty(),
                        new BackupRecord.Basis(
                                Optional.of(found.record().id()),
                                ChangeSource.READ,
                                found.record().basis().turn() + 1)))
                .orElse(ChosenBase.NONE);
    }
}
