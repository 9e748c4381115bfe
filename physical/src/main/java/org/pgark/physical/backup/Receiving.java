package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.basebackup.BaseBackupStream;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.label.BackupLabel;
import org.pgark.postgres.label.TablespaceMap;
import org.pgark.postgres.page.PageChecksum;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.BackupSession;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.manifest.ManifestReader;
import org.pgark.repository.manifest.ManifestWriter;
import org.pgark.repository.manifest.StreamRoot;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.PackContentsCache;
import org.pgark.repository.pack.PackSummary;
import org.pgark.repository.pack.PackWriter;

/** The part of a streamed backup in which the server sends its files: all of them into packs, and the manifest of them. */
final class Receiving {
    private final BackupRequest request;
    private final ClusterRepository repository;
    private final BackupSession begun;
    private final StreamConnection server;
    private final ConnectionSettings settings;
    private final ProgressListener progress;
    private final Optional<String> distrust;
    private final AtomicLong pagesChecked = new AtomicLong();
    private final OwnerNames owners = new OwnerNames();
    private final SharedRuns shared = new SharedRuns();

    /** @param distrust why changes are not wanted, in words that follow "because"; empty if they are */
    Receiving(
            BackupRequest request,
            ClusterRepository repository,
            BackupSession begun,
            StreamConnection server,
            ConnectionSettings settings,
            ProgressListener progress,
            Optional<String> distrust) {
        this.request = request;
        this.repository = repository;
        this.begun = begun;
        this.server = server;
        this.settings = settings;
        this.progress = progress;
        this.distrust = distrust;
    }

    /** Receives everything; all that was written is durable when this returns. */
    Received run(String label) throws IOException, OperationException, InterruptedException {
        progress.phase("finding changes");
        Optional<BaseChoice.Candidate> candidate =
                request.full() ? Optional.empty() : BaseChoice.newestListed(repository, progress);
        PackContentsCache contents = repository.packContents(KnownHashes.MEMORY);
        Leftovers leftovers = Leftovers.of(
                request.full() ? List.of() : begun.leftovers(), contents, shared, repository.contentHasher(), progress);
        try (PackWriter metadata = repository.newPack(request.compression());
                FrameReader baseFrames = repository.frameReader();
                FrameReader orderedFrames = repository.frameReader();
                ReceivedFiles files = new ReceivedFiles()) {
            Optional<ManifestReader> base = candidate.map(
                    found -> new ManifestReader(baseFrames, found.record().manifest()));
            KnownContent known = new KnownContent(
                    base,
                    Optional.empty(),
                    0,
                    0,
                    server.source().relationSegmentBlocks(),
                    List.of(),
                    Copying.damaged(repository, baseFrames),
                    progress);
            RequestedStream stream =
                    new RequestedStream(request, server, progress, label, candidate, base, known, distrust);
            StreamThread.run(server, stream::begin);
            progress.phase("receiving files");
            if (!stream.isIncremental()) {
                progress.total(0, stream.source().expectedBytes());
            }
            try (SentManifest sent = new SentManifest();
                    Recheck recheck = new Recheck(stream.source().start(), repository.frameReader(), progress);
                    PackingCrew crew = crew(stream.source(), contents, leftovers, recheck)) {
                ReceivingPass pass = new ReceivingPass(
                        new PackingQueue(crew, request.jobs(), files),
                        new ReceivedBase(base, known, leftovers, stream.turn()),
                        files,
                        owners,
                        stream.isIncremental(),
                        server.source().relationSegmentBlocks(),
                        control -> new ReceivedWal(repository.walArchive(), metadata, control),
                        sent);
                StreamThread.run(server, () -> stream.receive(pass));
                List<PackSummary> packs = new ArrayList<>(crew.commit());
                leftovers.tellSaved(progress);
                Optional<ManifestReader.Cursor> ordered = Optional.empty();
                if (candidate.isPresent()) {
                    ordered = Optional.of(new ManifestReader(
                                    orderedFrames, candidate.get().record().manifest())
                            .entries());
                }
                return finished(pass, stream, files, ordered, metadata, packs, leftovers, recheck);
            }
        }
    }

    private Received finished(
            ReceivingPass pass,
            RequestedStream stream,
            ReceivedFiles files,
            Optional<ManifestReader.Cursor> base,
            PackWriter metadata,
            List<PackSummary> packs,
            Leftovers leftovers,
            Recheck recheck)
            throws IOException, OperationException, InterruptedException {
        byte[] control = required(pass, Copying.CONTROL);
        ControlFile copied = ControlFile.parse(control);
        String label = withoutPredecessor(new String(required(pass, BackupLabel.FILE_NAME), StandardCharsets.UTF_8));
        boolean standby = BackupLabel.parse(label).fromStandby();
        BackupMode.Stop stop = new BackupMode.Stop(
                standby ? copied.minimumRecoveryPoint() : stream.end().position(),
                label,
                pass.whole(TablespaceMap.FILE_NAME)
                        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                        .orElse(""),
                standby
                        ? new Timeline(copied.minimumRecoveryTimeline())
                        : stream.end().timeline(),
                server.now());
        BackupRecord.WalSpan wal = NeededWal.of(stream.source().start(), stop, copied.walSegmentSize());
        SourceFile likeControl = new SourceFile(
                Copying.CONTROL, Path.of(Copying.CONTROL), pass.controlStatus().orElseThrow());
        SourceTree tree = new SourceTree();
        try (RelationLookup lookup = new RelationLookup(settings)) {
            DamageReport damage = new DamageReport(lookup::name, copied.relationSegmentBlocks(), progress);
            ManifestWriter manifest = new ManifestWriter(metadata);
            ManifestAssembly assembly = new ManifestAssembly(manifest, owners, damage, Copying.lateFiles(standby));
            files.assemble(assembly, tree, base);
            Copying.addLate(assembly, metadata, control, stop, likeControl);
            if (standby) {
                ReceivedWal received = pass.wal()
                        .orElseThrow(() -> new FailedException(
                                "standby",
                                "the server is a standby, but did not say so before the backup",
                                "Nothing was kept of this backup. Start it again."));
                wal = NeededWal.ofStandby(wal, received.carried(), server.lastReplayed(), copied.checkpointTime());
                received.addTo(
                        (name, extents) -> Copying.addCarried(assembly, name, likeControl, stop.time(), extents));
            }
            List<BackupRecord.Tablespace> tablespaces =
                    SourceTablespaces.of(assembly.tablespaceLinks(), stop.tablespaceMap(), server::tablespaceNames);
            boolean damageOnlyAtServer = stream.end().damageFound() && damage.count() == 0;
            if (damageOnlyAtServer) {
                progress.warning("the server found damaged pages in what it sent, but none is damaged here: its log"
                        + " names them");
            }
            StreamRoot root = manifest.finish();
            metadata.commit();
            packs.addAll(metadata.packs());
            NamesThread.Names named = names(tree);
            packs.addAll(named.packs());
            return new Received(
                    new Copied(
                            stream.base(),
                            stop,
                            wal,
                            tablespaces,
                            root,
                            Optional.of(named.root()),
                            packs,
                            leftovers.usedPacks(),
                            assembly,
                            damage,
                            owners,
                            pagesChecked.get(),
                            0,
                            recheck.unexplained()),
                    copied,
                    standby,
                    damageOnlyAtServer,
                    stream.startedNanos());
        }
    }

    /** No server starts on files of which it is told that they are changes only; these are whole by now. */
    private static String withoutPredecessor(String label) {
        return label.lines()
                .filter(line -> !line.startsWith("INCREMENTAL FROM "))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private NamesThread.Names names(SourceTree tree) throws IOException, FailedException, InterruptedException {
        try (NamesThread names = new NamesThread(settings, tree, repository.newPack(request.compression()), progress)) {
            return names.await();
        }
    }

    private static byte[] required(ReceivingPass pass, String path) throws IOException {
        return pass.whole(path).orElseThrow(() -> new IOException("server sent no \"" + path + "\""));
    }

    private PackingCrew crew(
            BaseBackupStream source, PackContentsCache contents, Leftovers leftovers, Recheck recheck) {
        boolean inspects = server.source().pageChecksums() && server.source().blockSize() == PageChecksum.PAGE_BYTES;
        AtomicLong neverReadAgain = new AtomicLong();
        return new ReceivedPackers(
                        request,
                        repository,
                        shared,
                        contents,
                        leftovers,
                        recheck,
                        server.source().relationSegmentBlocks(),
                        progress)
                .crew(() -> inspects
                        ? Optional.of(new PageInspector(source.start(), server, pagesChecked, neverReadAgain))
                        : Optional.empty());
    }
}
