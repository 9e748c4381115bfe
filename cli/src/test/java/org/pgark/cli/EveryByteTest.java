package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.embedded.FileTree;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.recovery.RecoveryTarget;
import org.pgark.physical.restore.Restore;
import org.pgark.physical.restore.RestoreRequest;
import org.pgark.physical.verify.BackupVerification;
import org.pgark.physical.verify.SampleVerification;
import org.pgark.physical.wal.ArchiveAccess;
import org.pgark.physical.wal.WalPush;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.LogMemories;
import org.pgark.repository.Repository;
import org.pgark.repository.RepositoryAccess;
import org.pgark.repository.care.Arc;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.key.KeyFile;
import org.pgark.repository.key.RepositoryKeys;
import org.pgark.storage.LocalDirectoryStore;
import org.pgark.testkit.FileFault;

/**
 * Each flipped bit and each missing object of a small repository is found by a verification that reads everything. A restore
 * finds it, too, or it needs nothing of it and restores every byte.
 */
@ParameterizedClass(name = "encrypted: {0}")
@ValueSource(booleans = {false, true})
class EveryByteTest {
    private static final int FEW = 3;
    private static final long MANY = 600;

    @TempDir
    private Path folder;

    private final boolean encrypted;
    private RepositoryAccess access = RepositoryAccess.ANY;
    private Path repository = Path.of("");

    EveryByteTest(boolean encrypted) {
        this.encrypted = encrypted;
    }

    @BeforeEach
    void makeARepository() throws Exception {
        List<RepositoryKeys.Named> recipients = new ArrayList<>();
        if (encrypted) {
            KeyFile key = KeyFile.create(folder.resolve("key"), new SecureRandom());
            recipients.add(new RepositoryKeys.Named("operator", key));
            access = RepositoryAccess.by(key);
        }
        SampleRepository.make(folder, InstantSource.system(), new SecureRandom(), recipients);
        repository = folder.resolve("repository");
        Path data = folder.resolve("data");
        String segment = SampleData.make(data, 2).getLast();
        try (ArchiveAccess archives = new ArchiveAccess("main", () -> open(repository), InstantSource.system())) {
            new WalPush(archives, Compression.DEFAULT)
                    .push(data, data.resolve("pg_wal").resolve(segment));
        }
        Path copy = copied();
        assertThat(verified(copy)).isEmpty();
        assertThat(restored(copy)).isEmpty();
        FileTree.delete(copy);
    }

    private Repository open(Path place) throws IOException {
        return Repository.open(
                new LocalDirectoryStore(place), access, InstantSource.system(), new SecureRandom(), LogMemories.NONE);
    }

    /** What verification says is wrong; empty if nothing is. */
    private Optional<String> verified(Path place) throws InterruptedException {
        try (Repository opened = open(place)) {
            opened.checkLog();
            ClusterRepository cluster =
                    opened.open(opened.cluster("main").newest().orElseThrow(() -> new IOException("no cluster")));
            cluster.checkLog();
            StringBuilder found = new StringBuilder();
            SampleVerification.run(cluster, new Arc(0, Arc.POINTS), 1, ProgressListener.SILENT)
                    .damages()
                    .forEach(damage -> found.append(damage.reason()).append('\n'));
            for (BackupRecord backup : cluster.backups()) {
                BackupVerification.run(cluster, backup, 1, ProgressListener.SILENT)
                        .damages()
                        .forEach(damage -> found.append(damage.reason()).append('\n'));
            }
            return cluster.backups().isEmpty() ? Optional.of("no backup") : said(found.toString());
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<String> said(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** Why a restore failed; empty if it did not. */
    private Optional<String> restored(Path place) throws IOException, InterruptedException {
        Path to = folder.resolve("restored");
        try (Repository opened = open(place)) {
            RestoreRequest request = RestoreRequest.of("main", to, "false").until(RecoveryTarget.IMMEDIATE);
            new Restore(ProgressListener.SILENT).run(Restore.plan(opened, request));
            assertThat(to.resolve("PG_VERSION")).hasContent("18\n");
            assertThat(Files.readAllBytes(to.resolve("global/pg_control"))).isEqualTo(SampleData.controlFile());
            return Optional.empty();
        } catch (IOException | OperationException e) {
            assertThat(to.resolve("global/pg_control")).doesNotExist();
            return Optional.of(String.valueOf(e.getMessage()));
        } finally {
            if (Files.exists(to)) {
                FileTree.delete(to);
            }
        }
    }

    private List<Path> objects() throws IOException {
        try (Stream<Path> files = Files.walk(repository)) {
            return files.filter(Files::isRegularFile)
                    .map(repository::relativize)
                    .filter(file -> !file.startsWith("tmp") && !file.startsWith("reserve"))
                    .sorted()
                    .toList();
        }
    }

    private void flip(Path object, long offset) throws Exception {
        Path copy = copied();
        FileFault.flipBit(copy.resolve(object), offset);
        String what = "bit flipped at byte " + offset + " of " + object;
        assertThat(verified(copy)).as(what).isPresent();
        fresh(copy, object, offset);
        boolean failed = restored(copy).isPresent();
        assertThat(failed || object.toString().contains("/packs/")).as(what).isTrue();
        FileTree.delete(copy);
    }

    /** Verification and restore leave notes in the log, beside which the next one would look. */
    private void fresh(Path copy, Path object, long offset) throws IOException {
        FileTree.delete(copy);
        copied();
        FileFault.flipBit(copy.resolve(object), offset);
    }

    private Path copied() throws IOException {
        Path copy = folder.resolve("copy");
        FileTree.copy(repository, copy, _ -> true);
        return copy;
    }

    private void flipEvery(long most) throws Exception {
        for (Path object : objects()) {
            long size = Files.size(repository.resolve(object));
            long step = Math.max(1, size / most);
            for (long offset = Math.min(size - 1, step / 2); offset < size; offset += step) {
                flip(object, offset);
            }
        }
    }

    @Test
    void aFlippedBitAnywhereIsFound() throws Exception {
        flipEvery(FEW);
    }

    @Test
    @Tag("slow")
    void aFlippedBitAtEachPlaceIsFound() throws Exception {
        flipEvery(Long.getLong("pgark.places", MANY));
    }

    @Test
    void eachMissingObjectIsFound() throws Exception {
        for (Path object : objects()) {
            Path copy = copied();
            Files.delete(copy.resolve(object));
            assertThat(verified(copy)).as("without " + object).isPresent();
            FileTree.delete(copy);
            copied();
            Files.delete(copy.resolve(object));
            assertThat(restored(copy)).as("without " + object).isPresent();
            FileTree.delete(copy);
        }
    }
}
