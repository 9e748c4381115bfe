package org.pgark.physical.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Repository;
import org.pgark.repository.archive.WalSource;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;

class UnarchivedWalTest {
    private static final String SAME = "000000010000000000000003";
    private static final String OTHER = "000000010000000000000004";
    private static final String DAMAGED = "000000010000000000000005";
    private static final String NEW = "000000010000000000000006";

    @TempDir
    private Path data;

    private final MemoryStore store = new MemoryStore();

    private record Text(String text) implements WalSource {
        @Override
        public ReadableByteChannel open() {
            return Channels.newChannel(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public byte[] facts() {
            return new byte[] {1};
        }
    }

    private void ready(String name, String text) throws IOException {
        Path wal = Files.createDirectories(data.resolve("pg_wal/archive_status"));
        Files.createFile(wal.resolve(name + ".ready"));
        Files.writeString(data.resolve("pg_wal").resolve(name), text);
    }

    /** A server that was put back to an older state writes other WAL under names that the archive has. */
    @Test
    void whatTheArchiveRefusedIsNotArchived() throws Exception {
        try (Repository repository = Repository.create(store, InstantSource.system(), new SecureRandom())) {
            ClusterRepository cluster = repository.open(repository.registerCluster(
                    "main", SystemIdentifier.parse("42"), PostgresMajor.V15, WalSegmentSize.DEFAULT));
            for (String name : new String[] {SAME, OTHER, DAMAGED}) {
                cluster.walArchive().put(WalFileName.parse(name), new Text("what was archived"));
            }
            ready(SAME, "what was archived");
            ready(OTHER, "of another history");
            ready(DAMAGED, "what was archived");
            ready(NEW, "not archived yet");
            ObjectName damaged = cluster.walArchive().objectOf(WalFileName.parse(DAMAGED));
            store.delete(damaged);
            try (var writer = store.create(damaged)) {
                writer.write(ByteBuffer.allocate(400));
                writer.commit();
            }

            assertThat(UnarchivedWal.of(data, cluster)).containsExactly(OTHER, DAMAGED, NEW);
        }
    }
}
