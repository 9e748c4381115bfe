package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgark.repository.frame.Codec;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FramePart;

class EarlierTest {
    private static final FrameAddress FRAME =
            new FrameAddress(ObjectId.parse("00112233445566778899aabbccddeeff"), 3, 64, 100, 5000, Codec.NONE);

    private static Extent stored(int offset, int length) {
        return new Extent.Stored(new FramePart(FRAME, offset, length));
    }

    private static Earlier.Piece piece(long position, Extent extent) {
        return new Earlier.Piece(position, extent);
    }

    @Test
    void hasNothing() {
        assertThat(Earlier.NOTHING.isEmpty()).isTrue();
        assertThat(Earlier.NOTHING.end()).isZero();
        assertThat(Earlier.NOTHING.cut(0, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void cutsExtentsAtBothEnds() {
        Earlier earlier = Earlier.of(1000, List.of(stored(500, 100), new Extent.Zeros(50), stored(0, 200)));

        assertThat(earlier.end()).isEqualTo(1350);
        assertThat(earlier.cut(1000, 1350))
                .containsExactly(
                        piece(1000, stored(500, 100)), piece(1100, new Extent.Zeros(50)), piece(1150, stored(0, 200)));
        assertThat(earlier.cut(1030, 1060)).containsExactly(piece(1030, stored(530, 30)));
        assertThat(earlier.cut(1090, 1160))
                .containsExactly(
                        piece(1090, stored(590, 10)), piece(1100, new Extent.Zeros(50)), piece(1150, stored(0, 10)));
        assertThat(earlier.cut(1120, 1130)).containsExactly(piece(1120, new Extent.Zeros(10)));
    }

    @Test
    void hasNothingBeforeItsBeginningAndBehindItsEnd() {
        Earlier earlier = Earlier.of(1000, List.of(stored(0, 100)));

        assertThat(earlier.cut(0, 1000)).isEmpty();
        assertThat(earlier.cut(1100, 2000)).isEmpty();
        assertThat(earlier.cut(900, 1010)).containsExactly(piece(1000, stored(0, 10)));
        assertThat(earlier.cut(1090, 5000)).containsExactly(piece(1090, stored(90, 10)));
        assertThat(earlier.cut(1050, 1050)).isEmpty();
    }

    @Test
    void passesOverGaps() {
        Earlier earlier = Earlier.of(new long[] {0, 300}, List.of(stored(0, 100), stored(100, 100)));

        assertThat(earlier.cut(100, 300)).isEmpty();
        assertThat(earlier.cut(50, 350)).containsExactly(piece(50, stored(50, 50)), piece(300, stored(100, 50)));
        assertThat(earlier.cut(200, 301)).containsExactly(piece(300, stored(100, 1)));
    }
}
