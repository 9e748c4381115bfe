package org.pgark.repository.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;

class RunningSegmentsTest {
    private static final WalSegmentName SEGMENT = WalSegmentName.parse("0000000100000002000000FF");
    private static final WalSegmentName NEXT = WalSegmentName.parse("000000010000000300000000");

    private final MemoryStore store = new MemoryStore();
    private final WalArchive archive = new WalArchive(
            FramedObjects.unsealed(store),
            new ObjectName("wal"),
            Compression.DEFAULT,
            () -> Instant.parse("2026-11-22T10:42:00Z"),
            new Random(1),
            () -> {});
    private final RunningSegments running = archive.running();
    private final byte[] content = new byte[3 << 20];

    RunningSegmentsTest() {
        new Random(7).nextBytes(content);
    }

    private byte[] part(int from, int to) {
        return Arrays.copyOfRange(content, from, to);
    }

    @Test
    void piecesMakeOneContent() throws Exception {
        assertThat(running.content(SEGMENT)).isEmpty();
        assertThat(running.append(SEGMENT, 0, part(0, 100))).isEqualTo(100);
        assertThat(running.append(SEGMENT, 100, part(100, 2_500_000))).isEqualTo(2_500_000);
        assertThat(running.append(SEGMENT, 2_500_000, part(2_500_000, 2_500_001)))
                .isEqualTo(2_500_001);
        assertThat(running.content(SEGMENT)).isEqualTo(part(0, 2_500_001));
        assertThat(running.savedTo(SEGMENT)).isEqualTo(2_500_001);
        assertThat(running.list(Timeline.FIRST)).containsExactly(SEGMENT);
        assertThat(archive.list(Timeline.FIRST)).isEmpty();
    }

    @Test
    void twoReceiversOfOneTimelineSaveOneChain() throws Exception {
        running.append(SEGMENT, 0, part(0, 1000));
        assertThat(running.append(SEGMENT, 0, part(0, 400))).isEqualTo(1000);
        assertThat(running.append(SEGMENT, 0, part(0, 1700))).isEqualTo(1700);
        assertThat(running.append(SEGMENT, 1000, part(1000, 1700))).isEqualTo(1700);
        assertThat(running.content(SEGMENT)).isEqualTo(part(0, 1700));
    }

    @Test
    void anotherHistoryIsRefused() throws Exception {
        running.append(SEGMENT, 0, part(0, 1000));
        byte[] other = part(0, 1200);
        other[999] ^= 1;
        assertThatThrownBy(() -> running.append(SEGMENT, 0, other))
                .isInstanceOf(DifferentPieceException.class)
                .hasMessage(
                        "running WAL segment \"0000000100000002000000FF\" is saved already with other content behind"
                                + " offset 0");
        assertThat(running.content(SEGMENT)).isEqualTo(part(0, 1000));
    }

    @Test
    void deletesThePiecesOfOneSegmentOnly() throws Exception {
        running.append(SEGMENT, 0, part(0, 10));
        running.append(SEGMENT, 10, part(10, 20));
        running.append(NEXT, 0, part(5, 50));
        running.delete(Timeline.FIRST, List.of(SEGMENT));
        assertThat(running.content(SEGMENT)).isEmpty();
        assertThat(running.list(Timeline.FIRST)).containsExactly(NEXT);
    }
}
