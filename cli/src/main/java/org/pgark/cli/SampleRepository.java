package org.pgark.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.BackupId;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.BackupSession;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Repository;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.key.RepositoryKeys;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FileAttributes;
import org.pgark.repository.manifest.FileClass;
import org.pgark.repository.manifest.FileContent;
import org.pgark.repository.manifest.FramePart;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.repository.manifest.ManifestWriter;
import org.pgark.repository.manifest.StreamRoot;
import org.pgark.repository.pack.PackWriter;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectStores;
import org.pgark.storage.RepositoryUrl;

/** A repository with one backup of a version file and a pg_control, made without a server. */
final class SampleRepository {
    private SampleRepository() {}

    static void make(Path folder, InstantSource clock, RandomGenerator random) throws IOException {
        make(folder, clock, random, List.of());
    }

    /** An encrypted one if there are recipients. */
    static void make(Path folder, InstantSource clock, RandomGenerator random, List<RepositoryKeys.Named> recipients)
            throws IOException {
        ObjectStore store = ObjectStores.open(RepositoryUrl.of(folder.resolve("repository")));
        try (Repository repository = recipients.isEmpty()
                ? Repository.create(store, clock, random)
                : Repository.createEncrypted(store, recipients, clock, random)) {
            SystemIdentifier system = SampleData.SYSTEM;
            ClusterRepository cluster = repository.open(
                    repository.registerCluster("main", system, SampleData.MAJOR, WalSegmentSize.DEFAULT));
            try (BackupSession session = cluster.beginBackup("sample");
                    PackWriter packs = cluster.newPack(Compression.DEFAULT)) {
                ManifestEntry version = file(packs, "PG_VERSION", "18\n".getBytes(StandardCharsets.US_ASCII));
                ManifestEntry control = file(packs, "global/pg_control", SampleData.controlFile());
                ManifestWriter manifest = new ManifestWriter(packs);
                manifest.add(version);
                manifest.add(new ManifestEntry.Directory(
                        "global", new FileClass.ClusterData(), new FileAttributes(0700, 0, 0, Instant.EPOCH)));
                manifest.add(control);
                StreamRoot root = manifest.finish();
                packs.commit();
                session.commit(record(system, root, clock.instant(), random), packs.packs());
            }
        }
    }

    private static ManifestEntry file(PackWriter packs, String path, byte[] content) throws IOException {
        FrameAddress frame = packs.append(ByteBuffer.wrap(content));
        return new ManifestEntry.File(
                path,
                new FileClass.ClusterData(),
                new FileAttributes(0600, 0, 0, Instant.EPOCH),
                content.length,
                new FileContent.Single(new Extent.Stored(new FramePart(frame, 0, content.length))),
                List.of());
    }

    private static BackupRecord record(
            SystemIdentifier system, StreamRoot manifest, Instant now, RandomGenerator random) {
        WalSegmentName segment = WalSegmentName.containing(Timeline.FIRST, new Lsn(0x200_0028), WalSegmentSize.DEFAULT);
        return new BackupRecord(
                BackupId.create(now, random),
                BackupRecord.Basis.NONE,
                Map.of(),
                "",
                Version.text(),
                Compression.DEFAULT,
                now,
                now,
                new BackupRecord.WalSpan(
                        new Lsn(0x200_0028),
                        new Lsn(0x200_0028),
                        new Lsn(0x200_0100),
                        Timeline.FIRST,
                        Timeline.FIRST,
                        segment,
                        segment,
                        WalSegmentSize.DEFAULT),
                new BackupRecord.Server(
                        "18",
                        PostgresMajor.V18,
                        system,
                        1,
                        false,
                        "localhost",
                        "/",
                        Map.of(0, "root"),
                        Map.of(),
                        List.of(),
                        Optional.empty()),
                new BackupRecord.Size(2, 8195, 300, 1, 0),
                manifest,
                Optional.empty());
    }
}
