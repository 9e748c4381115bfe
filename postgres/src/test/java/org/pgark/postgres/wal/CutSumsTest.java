package org.pgark.postgres.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class CutSumsTest {
    private final Random random = new Random(3);

    private static int sum(byte[] bytes, int from, int to) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, from, to - from);
        return (int) sum.getValue();
    }

    @Test
    void sumsOfPartsGiveThatOfTheWhole() {
        for (int tries = 0; tries < 300; tries++) {
            byte[] bytes = new byte[random.nextInt(40_000)];
            random.nextBytes(bytes);
            int cut = random.nextInt(bytes.length + 1);
            assertThat(CutSums.joined(sum(bytes, 0, cut), sum(bytes, cut, bytes.length), bytes.length - cut))
                    .isEqualTo(sum(bytes, 0, bytes.length));
            assertThat(CutSums.rest(sum(bytes, 0, bytes.length), sum(bytes, 0, cut), bytes.length - cut))
                    .isEqualTo(sum(bytes, cut, bytes.length));
        }
        assertThat(CutSums.joined(0, 0, 0)).isZero();
        assertThat(CutSums.joined(17, 0, 0)).isEqualTo(17);
    }
}
