package org.pgark.physical.several;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.physical.ArchivingCluster;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.verify.BackupVerification;
import org.pgark.physical.verify.VerificationResult;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.Repository;
import org.pgark.repository.collect.CollectProgress;
import org.pgark.repository.copy.BackupCopy;
import org.pgark.repository.copy.CopyProgress;
import org.pgark.repository.key.KeyFile;
import org.pgark.repository.key.RepositoryKeys;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.repository.manifest.ManifestReader;
import org.pgark.repository.pack.FrameReader;
import org.pgark.storage.FaultyObjectStore;
import org.pgark.storage.LocalDirectoryStore;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.StoreStep;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BackupTransferTest {
    @TempDir
    private static Path folder;

    private static ArchivingCluster cluster;
    private static Repository second;
    private static final List<BackupRecord> BACKUPS = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        cluster = ArchivingCluster.started(17, options -> options);
        cluster.cluster()
                .execute("create table t as select i, repeat(md5(i::text), 8) filler"
                        + " from generate_series(1, 40000) i");
        BACKUPS.add(cluster.backup());
        cluster.cluster().execute("update t set filler = 'changed' where i % 50 = 0");
        BACKUPS.add(cluster.backup());
        second = Repository.createEncrypted(
                new LocalDirectoryStore(folder.resolve("second")),
                List.of(new RepositoryKeys.Named(
                        "operator", KeyFile.create(folder.resolve("key"), new SecureRandom()))),
                Clock.systemUTC(),
                new SecureRandom());
    }

    @AfterAll
    static void stop() throws Exception {
        second.close();
        cluster.close();
    }

    private static ClusterRepository in(Repository repository) throws IOException {
        Incarnation incarnation = cluster.source().incarnation();
        return repository.open(repository.registerCluster(
                incarnation.name(), incarnation.systemIdentifier(), incarnation.major(), incarnation.segmentSize()));
    }

    private static Optional<BackupCopy.Outcome> transfer(
            ClusterRepository from, ClusterRepository to, BackupRecord backup) throws Exception {
        return new BackupTransfer(from, to, backup, 2, CopyProgress.NONE, warning -> {
                    throw new AssertionError(warning);
                })
                .run();
    }

    private static void assertSame(ClusterRepository to, BackupRecord backup) throws Exception {
        BackupRecord copy = to.find(backup.id().value()).getFirst();
        VerificationResult result = BackupVerification.run(to, copy, 2, ProgressListener.SILENT);
        assertThat(result.damages()).isEmpty();
        assertThat(result.sound()).isTrue();
        assertThat(hashes(to, copy)).isEqualTo(hashes(cluster.source(), backup));
        assertThat(copy.wal()).isEqualTo(backup.wal());
        assertThat(to.walArchive().contains(backup.wal().last())).isTrue();
    }

    private static Map<String, String> hashes(ClusterRepository repository, BackupRecord backup) throws Exception {
        Map<String, String> hashes = new TreeMap<>();
        try (FrameReader frames = repository.frameReader()) {
            ManifestReader manifest = new ManifestReader(frames, backup.manifest());
            ManifestReader.Cursor entries = manifest.entries();
            for (Optional<ManifestEntry> entry = entries.next(); entry.isPresent(); entry = entries.next()) {
                ManifestEntry one = entry.get();
                String content = one instanceof ManifestEntry.File file ? hash(manifest, frames, file) : "";
                hashes.put(one.path(), one.attributes() + " " + content);
            }
        }
        return hashes;
    }

    private static String hash(ManifestReader manifest, FrameReader frames, ManifestEntry.File file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        ManifestReader.ExtentCursor extents = manifest.extents(file);
        for (Optional<Extent> extent = extents.next(); extent.isPresent(); extent = extents.next()) {
            switch (extent.get()) {
                case Extent.Zeros(long length) -> digest.update(new byte[Math.toIntExact(length)]);
                case Extent.Stored(var part) -> {
                    byte[] raw = new byte[part.frame().rawLength()];
                    frames.read(part.frame(), ByteBuffer.wrap(raw));
                    digest.update(raw, part.offset(), part.length());
                }
            }
        }
        return file.size() + " " + file.damagedPages() + " " + HexFormat.of().formatHex(digest.digest());
    }

    @Test
    @Order(1)
    void aBackupIsTheSameInARepositoryWithOtherKeys() throws Exception {
        BackupCopy.Outcome full =
                transfer(cluster.source(), in(second), BACKUPS.getFirst()).orElseThrow();
        assertSame(in(second), BACKUPS.getFirst());
        assertThat(full.base()).isEmpty();

        BackupCopy.Outcome further =
                transfer(cluster.source(), in(second), BACKUPS.getLast()).orElseThrow();
        assertSame(in(second), BACKUPS.getLast());
        assertThat(further.base()).contains(BACKUPS.getFirst().id().value());
        assertThat(further.bytes()).isLessThan(BACKUPS.getLast().size().storedBytes() * 5 / 4);
        assertThat(full.bytes()).isGreaterThan(further.bytes());
        assertThat(transfer(cluster.source(), in(second), BACKUPS.getLast())).isEmpty();
    }

    @Test
    @Order(2)
    void whatTheOtherRepositoryCollectedAndRewroteIsNoHindrance() throws Exception {
        cluster.cluster().execute("update t set filler = 'again' where i % 70 = 0");
        BackupRecord third = cluster.backup();
        in(second).delete(BACKUPS.getFirst().id());
        in(second).collector(0.999, CollectProgress.SILENT).run();
        transfer(cluster.source(), in(second), third);
        assertSame(in(second), third);
        assertSame(in(second), BACKUPS.getLast());

        // And back: the first one has lost the newest, and gets no more than it lacks.
        Map<String, String> before = hashes(cluster.source(), third);
        cluster.source().delete(third.id());
        cluster.source().collector(0.5, CollectProgress.SILENT).run();
        BackupRecord there = in(second).find(third.id().value()).getFirst();
        BackupCopy.Outcome back = transfer(in(second), cluster.source(), there).orElseThrow();
        assertThat(hashes(cluster.source(), back.record())).isEqualTo(before);
        assertThat(back.bytes()).isLessThan(1 << 20);
    }

    @Test
    @Order(3)
    void anInterruptedCopyGoesOnWhereItWas() throws Exception {
        ObjectStore memory = new MemoryStore();
        try (Repository third = Repository.create(memory, Clock.systemUTC(), new SecureRandom())) {
            AtomicInteger packs = new AtomicInteger();
            ObjectStore failing = new FaultyObjectStore(memory, (step, name, _) -> {
                if (step == StoreStep.COMMIT && name.value().contains("/packs/") && packs.incrementAndGet() >= 3) {
                    throw new IOException("no more packs");
                }
            });
            in(third);
            Repository open = Repository.open(failing, Optional.empty(), Clock.systemUTC(), new SecureRandom());
            ClusterRepository to =
                    open.open(open.cluster(ArchivingCluster.NAME).newest().orElseThrow());
            BackupTransfer first =
                    new BackupTransfer(cluster.source(), to, BACKUPS.getLast(), 1, CopyProgress.NONE, _ -> {});
            assertThatThrownBy(first::run).isInstanceOf(IOException.class).hasMessageContaining("no more packs");
            assertThat(in(third).backups()).isEmpty();

            BackupCopy.Outcome outcome =
                    transfer(cluster.source(), in(third), BACKUPS.getLast()).orElseThrow();
            assertThat(outcome.resumed()).isEqualTo(2);
            assertSame(in(third), BACKUPS.getLast());
        }
    }

    @Test
    @Order(4)
    void aBackupWithoutItsWalDoesNotExist() throws Exception {
        try (Repository third = Repository.create(new MemoryStore(), Clock.systemUTC(), new SecureRandom())) {
            ClusterRepository source = cluster.source();
            var needed = new org.pgark.postgres.wal.WalFileName.Segment(
                    BACKUPS.getLast().wal().first());
            source.walArchive().delete(List.of(needed));
            assertThatThrownBy(() -> transfer(source, in(third), BACKUPS.getLast()))
                    .hasMessageStartingWith("WAL segment " + needed + ", which backup \""
                            + BACKUPS.getLast().id() + "\" needs, is not in ");
            assertThat(in(third).backups()).isEmpty();
        }
    }
}
