package org.pgark.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.archive.ArchivedFile;
import org.pgark.repository.archive.PutResult;
import org.pgark.repository.archive.WalSource;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.key.RepositoryKeys;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FileAttributes;
import org.pgark.repository.manifest.FileClass;
import org.pgark.repository.manifest.FramePart;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.repository.manifest.ManifestReader;
import org.pgark.repository.manifest.ManifestWriter;
import org.pgark.repository.manifest.RelationName;
import org.pgark.repository.manifest.RelationNamesReader;
import org.pgark.repository.manifest.RelationNamesWriter;
import org.pgark.repository.manifest.StreamRoot;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.PackCheck;
import org.pgark.repository.pack.PackSummary;
import org.pgark.repository.pack.PackWriter;
import org.pgark.storage.ObjectExistsException;
import org.pgark.storage.ObjectStore;

/** Fills a repository with a little of everything, and reads everything back. */
final class SmallRepository {
    static final Instant NOW = Instant.parse("2026-11-22T10:42:00Z");
    static final InstantSource CLOCK = InstantSource.fixed(NOW);
    static final String SEGMENT = "000000010000000000000020";
    static final List<String> WAL_FILES =
            List.of(SEGMENT, "000000010000000000000021.partial", SEGMENT + ".00000028.backup", "00000002.history");

    private final Random random;
    private final RepositoryAccess access;

    SmallRepository(long seed) {
        this(seed, RepositoryAccess.ANY);
    }

    /** One that is encrypted if the access has holders of its keys. */
    SmallRepository(long seed, RepositoryAccess access) {
        this.random = new Random(seed);
        this.access = access;
    }

    /** Opens the repository, which is made if it is not there. */
    Repository open(ObjectStore store) throws IOException {
        try {
            return access.holders().isEmpty()
                    ? Repository.create(store, CLOCK, random)
                    : Repository.createEncrypted(
                            store,
                            List.of(new RepositoryKeys.Named(
                                    "operator", access.holders().getFirst())),
                            CLOCK,
                            random);
        } catch (ObjectExistsException e) {
            return Repository.open(store, access, CLOCK, random, LogMemories.NONE);
        }
    }

    /** Does what is not done yet. */
    void fill(ObjectStore store, String... backupIds) throws IOException {
        fill(open(store), backupIds);
    }

    /** Likewise. */
    static void fill(Repository repository, String... backupIds) throws IOException {
        ClusterRepository cluster = repository.open(repository.registerCluster(
                "main", BackupRecords.SYSTEM, PostgresMajor.of(15), BackupRecords.SEGMENT_SIZE));
        for (String file : WAL_FILES) {
            assertThat(cluster.walArchive().put(WalFileName.parse(file), wal(file)))
                    .isIn(PutResult.STORED, PutResult.SAME_ALREADY_THERE);
        }
        for (String id : backupIds) {
            if (cluster.find(id).isEmpty()) {
                backup(cluster, id);
            }
        }
    }

    /** A file's content: some of it compresses, some does not. */
    static byte[] content(String name) {
        byte[] bytes = new byte[name.length() == SEGMENT.length() ? 3000 : 200];
        new Random(name.hashCode()).nextBytes(bytes);
        Arrays.fill(bytes, 0, bytes.length / 2, (byte) 7);
        return bytes;
    }

    static WalSource wal(String name) {
        return wal(content(name), ("facts of " + name).getBytes(StandardCharsets.UTF_8));
    }

    static WalSource wal(byte[] content, byte[] facts) {
        return new WalSource() {
            @Override
            public ReadableByteChannel open() {
                return Channels.newChannel(new ByteArrayInputStream(content));
            }

            @Override
            public byte[] facts() {
                return facts;
            }
        };
    }

    private static FileAttributes attributes() {
        return new FileAttributes(0600, 105, 113, NOW);
    }

    private static void backup(ClusterRepository cluster, String id) throws IOException {
        BackupSession session = cluster.beginBackup("test");
        List<PackSummary> packs = new ArrayList<>();
        List<FrameAddress> frames = new ArrayList<>();
        for (Compression compression : List.of(Compression.DEFAULT, Compression.LZ4, Compression.NONE)) {
            try (PackWriter data = cluster.newPack(compression)) {
                frames.add(data.append(ByteBuffer.wrap(content(id))));
                data.commit();
                packs.addAll(data.packs());
            }
        }
        StreamRoot manifest;
        StreamRoot names;
        try (PackWriter writer = cluster.newPack(Compression.DEFAULT)) {
            manifest = manifest(writer, frames);
            RelationNamesWriter relations = new RelationNamesWriter(writer);
            relations.add(new RelationName("postgres", "public", "t", 'r', List.of("base/5/16384")));
            names = relations.finish();
            writer.commit();
            packs.addAll(writer.packs());
        }
        session.commit(BackupRecords.of(id, manifest, Optional.of(names)), packs);
    }

    private static StreamRoot manifest(PackWriter writer, List<FrameAddress> frames) throws IOException {
        ManifestWriter manifest = new ManifestWriter(writer);
        FileClass data = new FileClass.ClusterData();
        List<Extent> extents = new ArrayList<>(List.of(new Extent.Zeros(8192)));
        frames.forEach(frame -> extents.add(new Extent.Stored(new FramePart(frame, 1, 100))));
        manifest.addFile("PG_VERSION", data, attributes(), extents.subList(1, 2), List.of());
        manifest.add(new ManifestEntry.Directory("base", data, attributes()));
        manifest.addFile("base/5/16384", data, attributes(), extents, List.of(0));
        manifest.addFile("base/5/16385", data, attributes(), List.of(), List.of());
        manifest.add(new ManifestEntry.SymbolicLink("pg_wal", data, attributes(), "/srv/wal"));
        return manifest.finish();
    }

    /** Reads everything that the log knows of, and checks it; damage is an exception. */
    static List<BackupRecord> readEverything(ObjectStore store) throws IOException {
        return readEverything(store, RepositoryAccess.ANY);
    }

    /** The same of a repository that may be encrypted. */
    static List<BackupRecord> readEverything(ObjectStore store, RepositoryAccess access) throws IOException {
        Repository repository = Repository.open(store, access, CLOCK, new Random(0), LogMemories.NONE);
        repository.checkLog();
        List<BackupRecord> backups = new ArrayList<>();
        for (ClusterCatalog catalog : repository.clusters()) {
            for (Incarnation incarnation : catalog.incarnations()) {
                ClusterRepository cluster = repository.open(incarnation);
                cluster.checkLog();
                for (BackupRecord backup : cluster.backups()) {
                    read(cluster, backup);
                    backups.add(backup);
                }
                for (Timeline timeline : cluster.walArchive().timelines()) {
                    for (ArchivedFile file : cluster.walArchive().list(timeline)) {
                        cluster.walArchive().verify(file.name());
                    }
                }
            }
        }
        return backups;
    }

    private static void read(ClusterRepository cluster, BackupRecord backup) throws IOException {
        try (PackCheck packs = cluster.packCheck();
                FrameReader frames = cluster.frameReader()) {
            for (PackSummary pack : cluster.packs(backup.id())) {
                packs.check(pack);
            }
            ManifestReader manifest = new ManifestReader(frames, backup.manifest());
            ManifestReader.Cursor entries = manifest.entries();
            for (Optional<ManifestEntry> entry = entries.next(); entry.isPresent(); entry = entries.next()) {
                if (entry.get() instanceof ManifestEntry.File file) {
                    readFile(frames, manifest.extents(file));
                }
            }
            RelationNamesReader names =
                    new RelationNamesReader(frames, backup.relationNames().orElseThrow());
            if (names.find("postgres", "public", "t").isEmpty()) {
                throw new IOException("a relation is missing");
            }
        }
    }

    private static void readFile(FrameReader frames, ManifestReader.ExtentCursor extents) throws IOException {
        for (Optional<Extent> extent = extents.next(); extent.isPresent(); extent = extents.next()) {
            if (extent.get() instanceof Extent.Stored(FramePart part)) {
                frames.read(part.frame(), new byte[part.frame().rawLength()]);
            }
        }
    }
}
