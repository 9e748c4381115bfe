package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pgark.repository.frame.Codec;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.manifest.FramePart;

class SharedRunsTest {
    private final SharedRuns runs = new SharedRuns();

    private static FramePart part(int number) {
        return new FramePart(
                new FrameAddress(ObjectId.parse("00112233445566778899aabbccddeeff"), number, 64, 100, 8192, Codec.NONE),
                0,
                8192);
    }

    @Test
    void findsOnlyWhatIsTheSameInAllBitsAndInLength() {
        runs.add(new RunHash(5, 6, 8192), part(1));

        assertThat(runs.find(new RunHash(5, 6, 8192))).contains(part(1));
        assertThat(runs.find(new RunHash(5, 7, 8192))).isEmpty();
        assertThat(runs.find(new RunHash(5 + (1L << 40), 6, 8192))).isEmpty();
        assertThat(runs.find(new RunHash(5, 6, 8191))).isEmpty();
    }

    @Test
    void forgetsTheOldestOfThoseThatMeetInAPlace() {
        for (int number = 0; number < 5; number++) {
            runs.add(new RunHash(7, number, 8192), part(number));
        }

        assertThat(runs.find(new RunHash(7, 0, 8192))).isEmpty();
        for (int number = 1; number < 5; number++) {
            assertThat(runs.find(new RunHash(7, number, 8192))).contains(part(number));
        }
    }
}
