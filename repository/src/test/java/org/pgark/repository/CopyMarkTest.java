package org.pgark.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.writer.CopyMark;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;

class CopyMarkTest {
    private final MemoryStore store = new MemoryStore();
    private final CopyMark mark = new CopyMark(store, SmallRepository.CLOCK);

    @Test
    void aPlaceIsACopyUntilAnotherWritesThereAndAgainOnlyIfThatIsWanted() throws Exception {
        assertThat(mark.isCopy()).isFalse();
        assertThat(mark.set(false)).isTrue();
        assertThat(mark.set(false)).isTrue();
        assertThat(mark.isCopy()).isTrue();
        assertThat(mark.promoted()).isEmpty();
        new CopyMark(store, SmallRepository.CLOCK).promote();
        assertThat(mark.isCopy()).isFalse();
        assertThat(mark.promoted()).contains(SmallRepository.NOW);
        assertThat(mark.set(false)).isFalse();
        assertThat(mark.isCopy()).isFalse();
        assertThat(mark.set(true)).isTrue();
        assertThat(mark.isCopy()).isTrue();
    }

    @Test
    void whereNoCopyIsNothingIsWritten() throws Exception {
        mark.promote();
        assertThat(store.list(new ObjectName("copies"))).isEmpty();
    }

    @Test
    void whoWritesIsNotTakenForAReaderWhateverACopierSays() throws Exception {
        mark.promote();
        new CopyMark(store, SmallRepository.CLOCK).set(true);
        assertThat(mark.isCopy()).isFalse();
    }

    @Test
    void walThatAServerArchivesThereEndsIt() throws Exception {
        try (Repository repository = Repository.create(store, SmallRepository.CLOCK, new Random(1))) {
            Incarnation cluster = repository.registerCluster(
                    "main", SystemIdentifier.parse("42"), PostgresMajor.V15, WalSegmentSize.DEFAULT);
            mark.set(false);
            repository
                    .open(cluster)
                    .walArchive()
                    .put(
                            WalFileName.parse("00000002.history"),
                            SmallRepository.wal("1\t0/1\tx\n".getBytes(StandardCharsets.US_ASCII), new byte[0]));
        }
        assertThat(mark.isCopy()).isFalse();
    }
}
