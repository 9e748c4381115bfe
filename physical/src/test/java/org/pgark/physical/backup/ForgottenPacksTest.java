package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.physical.systemcall.PageCache;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Repository;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.pack.PackSummary;
import org.pgark.repository.pack.PackWriter;
import org.pgark.storage.LocalDirectoryStore;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectStore;

class ForgottenPacksTest {
    private static final int SIZE = 4 << 20;

    @TempDir
    private Path folder;

    private static ClusterRepository cluster(ObjectStore store) throws Exception {
        Repository repository = Repository.create(store, InstantSource.system(), new Random(1));
        return repository.open(repository.registerCluster(
                "main", new SystemIdentifier(1), PostgresMajor.V15, new WalSegmentSize(1 << 20)));
    }

    private static PackSummary written(ClusterRepository repository) throws Exception {
        try (PackWriter writer = repository.newPack(Compression.NONE, new ForgottenPacks(repository))) {
            byte[] bytes = new byte[SIZE / 16];
            for (int frame = 0; frame < 16; frame++) {
                writer.append(ByteBuffer.wrap(bytes));
            }
            writer.commit();
            return writer.packs().getFirst();
        }
    }

    @Test
    void packsOfALocalRepositoryDoNotStayInThePageCache() throws Exception {
        Optional<PageCache> calls = PageCache.available();
        assumeTrue(calls.isPresent(), "mincore and posix_fadvise are not known on this platform");
        assumeTrue(
                Set.of("ext4", "xfs").contains(Files.getFileStore(folder).type()),
                "this file system may keep its files in memory only");
        ClusterRepository repository = cluster(new LocalDirectoryStore(folder.resolve("repository")));

        PackSummary pack = written(repository);

        Path file = repository.file(pack).orElseThrow();
        PageCache.Footprint left = calls.get().look(file, pack.size()).orElseThrow();
        assertThat(pack.size()).isEqualTo(Files.size(file)).isGreaterThan(SIZE);
        // The kernel may keep some pages back for a moment.
        assertThat(left.presentPages()).isLessThan(left.pages() / 4);
    }

    @Test
    void packsElsewhereAreNobodysFiles() throws Exception {
        ClusterRepository repository = cluster(new MemoryStore());
        assertThat(repository.file(written(repository))).isEmpty();
    }
}
