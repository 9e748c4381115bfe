package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.remote.RemoteFileSystem;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.label.BackupLabel;
import org.pgark.postgres.label.TablespaceMap;
import org.pgark.postgres.page.PageChecksum;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.BackupSession;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.care.DamagedFrames;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FramePart;
import org.pgark.repository.manifest.ManifestReader;
import org.pgark.repository.manifest.ManifestWriter;
import org.pgark.repository.manifest.StreamRoot;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.PackContentsCache;
import org.pgark.repository.pack.PackSummary;
import org.pgark.repository.pack.PackWriter;

/** The part of a backup between the server's start and stop: all files into packs, and the manifest of them. */
final class Copying {
    static final String CONTROL = "global/pg_control";
    private static final String WAL_DIRECTORY = "pg_wal/";
    private static final String STATUS_DIRECTORY = "pg_wal/archive_status/";

    private final BackupRequest request;
    private final ClusterRepository repository;
    private final BackupSession begun;
    private final ServerSession session;
    private final BackupMode server;
    private final ControlFile layout;
    private final LocalServer local;
    private final ProgressListener progress;
    private final AtomicLong pagesChecked = new AtomicLong();
    private final AtomicLong pagesReadAgain = new AtomicLong();
    private final OwnerNames owners = new OwnerNames();
    private final SharedRuns shared = new SharedRuns();

    Copying(
            BackupRequest request,
            ClusterRepository repository,
            BackupSession begun,
            ServerSession session,
            BackupMode server,
            ControlFile layout,
            Instant serverStart,
            ProgressListener progress) {
        this.request = request;
        this.repository = repository;
        this.begun = begun;
        this.session = session;
        this.server = server;
        this.layout = layout;
        this.local = new LocalServer(request.dataDirectory(), serverStart, server.isStandby());
        this.progress = progress;
    }

    /**
     * Copies everything and stops the server's backup; all that was written is durable when this returns.
     */
    Copied run(Lsn start, List<Path> externalFiles) throws IOException, OperationException, InterruptedException {
        progress.phase("listing files");
        SourceTree tree = TreeWalk.of(request.dataDirectory(), session.major(), progress);
        List<SourceFile> external = external(externalFiles);
        progress.phase("finding changes");
        ChosenBase base = new BaseChoice(request, repository, session, progress).choose(start, tree.bytes());
        PackContentsCache contents = repository.packContents(KnownHashes.MEMORY);
        Leftovers leftovers = Leftovers.of(
                request.full() ? List.of() : begun.leftovers(), contents, shared, repository.contentHasher(), progress);
        progress.phase("copying files");
        progress.total(
                tree.files() + external.size(),
                tree.bytes()
                        + external.stream()
                                .mapToLong(file -> file.status().size())
                                .sum());
        try (PackWriter metadata = repository.newPack(request.compression());
                NamesThread names =
                        new NamesThread(session.settings(), tree, repository.newPack(request.compression()), progress);
                FrameReader baseFrames = repository.frameReader();
                Recheck recheck = new Recheck(start, repository.frameReader(), progress);
                PackingCrew crew = crew(start, contents, leftovers, recheck);
                RelationLookup lookup = new RelationLookup(session.settings())) {
            DamageReport damage = new DamageReport(lookup::name, layout.relationSegmentBlocks(), progress);
            ManifestWriter manifest = new ManifestWriter(metadata);
            ManifestAssembly assembly = new ManifestAssembly(manifest, owners, damage, lateFiles(server.isStandby()));
            KnownContent known = new KnownContent(
                    base.record().map(record -> new ManifestReader(baseFrames, record.manifest())),
                    base.changes(),
                    request.recheck(),
                    base.basis().turn(),
                    layout.relationSegmentBlocks(),
                    tree.folders(),
                    damaged(repository, baseFrames),
                    progress);
            new CopyPass(crew, request.jobs(), known, leftovers, assembly, server)
                    .run(new SourceOrder(tree, external, CONTROL));
            assembly.endOfParts();
            crew.beginCommit();
            byte[] control = ControlFile.readConsistent(request.dataDirectory());
            progress.phase("stopping");
            ControlFile copied = ControlFile.parse(control);
            BackupMode.Stop stop = server.stop(copied);
            if (!RemoteFileSystem.has(request.dataDirectory())) {
                local.requireStill(copied);
            }
            BackupRecord.WalSpan wal = NeededWal.of(start, stop, layout.walSegmentSize());
            List<BackupRecord.Tablespace> tablespaces =
                    SourceTablespaces.of(assembly.tablespaceLinks(), stop.tablespaceMap(), session);
            SourceFile likeControl = new SourceFile(
                    CONTROL,
                    ControlFile.in(request.dataDirectory()),
                    FileStatus.read(ControlFile.in(request.dataDirectory())));
            addLate(assembly, metadata, control, stop, likeControl);
            if (server.isStandby()) {
                CarriedWal.Carried carried = new CarriedWal(repository.walArchive(), request.dataDirectory(), metadata)
                        .store(wal, (name, extents) -> addCarried(assembly, name, likeControl, stop.time(), extents));
                wal = NeededWal.ofStandby(wal, carried, server.lastReplayed(), copied.checkpointTime());
            }
            StreamRoot root = manifest.finish();
            metadata.commit();
            List<PackSummary> packs = new ArrayList<>(crew.commit());
            packs.addAll(metadata.packs());
            NamesThread.Names named = names.await();
            packs.addAll(named.packs());
            leftovers.tellSaved(progress);
            return new Copied(
                    base,
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
                    pagesReadAgain.get(),
                    recheck.unexplained());
        }
    }

    private List<SourceFile> external(List<Path> files) throws IOException {
        List<SourceFile> found = new ArrayList<>();
        for (Path file : files) {
            if (Files.isReadable(file)) {
                found.add(new SourceFile(file.toString(), file, FileStatus.ofTarget(file)));
            } else {
                progress.warning("configuration file \"" + file + "\" is left out: user \""
                        + System.getProperty("user.name") + "\" may not read it");
            }
        }
        return found;
    }

    /** Which frames a verification could not read, as the log remembers it. */
    static Predicate<FrameAddress> damaged(ClusterRepository repository, FrameReader frames) throws IOException {
        DamagedFrames known = repository.care().damaged();
        return frame -> {
            try {
                return known.contains(frame) || known.contains(frames.current(frame));
            } catch (IOException e) {
                // Where it stands now is not known, so that nobody can rely on it.
                return true;
            }
        };
    }

    private PackingCrew crew(Lsn start, PackContentsCache contents, Leftovers leftovers, Recheck recheck) {
        KnownHashes known = new KnownHashes(contents, progress);
        ForgottenPacks forgotten = new ForgottenPacks(repository);
        ReadRate rate = new ReadRate(request.rate());
        return new PackingCrew(
                request.jobs(),
                cancelled -> new Packer(
                        repository.newPack(request.compression(), forgotten),
                        repository.contentHasher(),
                        shared,
                        known,
                        leftovers,
                        rate,
                        recheck,
                        inspector(start),
                        layout.relationSegmentBlocks(),
                        progress,
                        cancelled));
    }

    private Optional<PageInspector> inspector(Lsn start) {
        if (!layout.hasDataChecksums() || layout.blockSize() != PageChecksum.PAGE_BYTES) {
            return Optional.empty();
        }
        return Optional.of(new PageInspector(start, new FlushedWal(server, start), pagesChecked, pagesReadAgain));
    }

    /**
     * The files that are only known at the end, in the order of paths.
     *
     * @param carriesWal whether WAL may be among them
     */
    static List<String> lateFiles(boolean carriesWal) {
        return carriesWal
                ? List.of(BackupLabel.FILE_NAME, CONTROL, WAL_DIRECTORY, STATUS_DIRECTORY, TablespaceMap.FILE_NAME)
                : List.of(BackupLabel.FILE_NAME, CONTROL, TablespaceMap.FILE_NAME);
    }

    /** Adds what the server's last words are, and pg_control. */
    static void addLate(
            ManifestAssembly assembly, PackWriter metadata, byte[] control, BackupMode.Stop stop, SourceFile like)
            throws IOException {
        byte[] label = stop.label().getBytes(StandardCharsets.UTF_8);
        byte[] map = stop.tablespaceMap().getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocateDirect(control.length + label.length + map.length);
        frame.put(control).put(label).put(map).flip();
        FrameAddress address = metadata.append(frame);
        assembly.addLate(CONTROL, like, stop.time(), new FramePart(address, 0, control.length));
        assembly.addLate(
                BackupLabel.FILE_NAME, like, stop.time(), new FramePart(address, control.length, label.length));
        if (map.length > 0) {
            assembly.addLate(
                    TablespaceMap.FILE_NAME,
                    like,
                    stop.time(),
                    new FramePart(address, control.length + label.length, map.length));
        }
    }

    /** Adds a segment that the backup carries. */
    static void addCarried(
            ManifestAssembly assembly, String segment, SourceFile like, Instant modified, List<Extent> content)
            throws IOException {
        assembly.addLateIn(WAL_DIRECTORY, segment, like, modified, content);
        // Else the restored server archives it one day, though the last one is not complete.
        assembly.addLateIn(STATUS_DIRECTORY, segment + ".done", like, modified, List.of());
    }
}
