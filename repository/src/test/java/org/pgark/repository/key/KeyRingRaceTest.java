package org.pgark.repository.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.storage.LocalDirectoryStore;

/** Two who change the keys of one repository at a time. */
class KeyRingRaceTest {
    private static final String ID = "0123456789abcdef0123456789abcdef";
    private static final RandomGenerator RANDOM = new SecureRandom();

    @TempDir
    private Path folder;

    private static byte[] revision(long number) throws IOException {
        return new RingChange(ID, RANDOM)
                .add(List.of(new RepositoryKeys.Named("night", new MemoryKey(1))))
                .encode(number, Instant.EPOCH, KeyRing.random(RANDOM, Instant.EPOCH));
    }

    @Test
    void aRevisionThatWasMadeWhileLaterOnesCameAndItsNumberWentCountsForNothing() throws IOException {
        KeyRingObjects objects = new KeyRingObjects(new LocalDirectoryStore(folder), ID);
        assertThat(objects.write(1, revision(1))).isTrue();
        byte[] late = revision(2);
        assertThat(objects.write(2, revision(2))).isTrue();
        objects.deleteBefore(2);
        byte[] newest = revision(3);
        assertThat(objects.write(3, newest)).isTrue();
        objects.deleteBefore(3);

        assertThat(objects.write(2, late)).isFalse();

        assertThat(objects.newest().orElseThrow().object().revision()).isEqualTo(3);
        assertThat(objects.write(2, late)).isFalse();
        assertThat(objects.write(3, newest)).isFalse();
        assertThat(objects.write(4, revision(4))).isTrue();
    }
}
