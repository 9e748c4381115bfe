package org.pgark.repository.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
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

    private PieceChain chain() throws Exception {
        PieceChain chain = running.chain(SEGMENT);
        chain.read();
        return chain;
    }

    private byte[] source(int from, int length) {
        return part(from, from + length);
    }

    @Test
    void piecesMakeOneContent() throws Exception {
        PieceChain chain = chain();
        assertThat(running.content(SEGMENT)).isEmpty();
        assertThat(chain.append(part(0, 100))).isEqualTo(100);
        assertThat(chain.append(part(100, 2_500_000))).isEqualTo(2_500_000);
        assertThat(chain.append(part(2_500_000, 2_500_001))).isEqualTo(2_500_001);
        assertThat(running.content(SEGMENT)).isEqualTo(part(0, 2_500_001));
        assertThat(running.savedTo(SEGMENT)).isEqualTo(2_500_001);
        assertThat(running.list(Timeline.FIRST)).containsExactly(SEGMENT);
        assertThat(archive.list(Timeline.FIRST)).isEmpty();
    }

    @Test
    void twoReceiversOfOneTimelineSaveOneChain() throws Exception {
        PieceChain first = chain();
        PieceChain second = chain();
        PieceChain third = chain();
        first.append(part(0, 1000));
        assertThat(second.append(part(0, 400))).isEqualTo(1000);
        assertThat(third.append(part(0, 1700))).isEqualTo(1700);
        assertThat(first.append(part(1000, 1700))).isEqualTo(1700);
        assertThat(running.content(SEGMENT)).isEqualTo(part(0, 1700));
    }

    @Test
    void anotherHistoryIsRefused() throws Exception {
        PieceChain other = chain();
        chain().append(part(0, 1000));
        byte[] bytes = part(0, 1200);
        bytes[999] ^= 1;
        assertThatThrownBy(() -> other.append(bytes))
                .isInstanceOf(DifferentPieceException.class)
                .hasMessage(
                        "running WAL segment \"0000000100000002000000FF\" is saved already with other content behind"
                                + " offset 0");
        assertThat(running.content(SEGMENT)).isEqualTo(part(0, 1000));
    }

    @Test
    void deletesThePiecesOfOneSegmentOnly() throws Exception {
        PieceChain chain = chain();
        for (int at = 0; at < 40_000; at += 1000) {
            chain.append(part(at, at + 1000));
        }
        chain.join(this::source);
        running.chain(NEXT).append(part(5, 50));
        running.delete(Timeline.FIRST, List.of(SEGMENT));
        assertThat(running.content(SEGMENT)).isEmpty();
        assertThat(running.list(Timeline.FIRST)).containsExactly(NEXT);
        assertThat(store.list(new ObjectName("wal"))).hasSize(1);
    }

    @Test
    void keepsTheNumberOfObjectsSmallHoweverSmallThePieces() throws Exception {
        PieceChain chain = chain();
        int most = 0;
        while (chain.end() < content.length) {
            chain.append(part(chain.end(), Math.min(content.length, chain.end() + 200)));
            chain.join(this::source);
            most = Math.max(most, store.list(new ObjectName("wal")).size());
        }
        assertThat(most).isLessThan(5 + 31 + 16384 / 200 + 5);
        assertThat(running.content(SEGMENT)).isEqualTo(content);
        assertThat(chain().end()).isEqualTo(content.length);
        assertThat(store.list(new ObjectName("wal"))).hasSize(6);
    }

    @Test
    void aReceiverThatIsBehindFindsTheChainAgainWhereItWasJoined() throws Exception {
        Random random = new Random(3);
        for (int round = 0; round < 100; round++) {
            running.delete(Timeline.FIRST, List.of(SEGMENT));
            PieceChain fast = chain();
            int meeting = random.nextBoolean() ? 16_384 * random.nextInt(34) : random.nextInt(600_000);
            grow(fast, meeting, 100_000, random);
            PieceChain slow = chain();
            grow(fast, meeting + 16_384 + random.nextInt(60_000), 1500, random);
            fast.join(this::source);
            // What it saves is found from now on, although it knows nothing of what was joined.
            while (slow.end() < fast.end() + 100_000) {
                int more = 1 + random.nextInt(random.nextBoolean() ? 300 : 200_000);
                slow.append(part(slow.end(), slow.end() + more));
                assertThat(running.savedTo(SEGMENT)).as("round %d", round).isGreaterThanOrEqualTo(slow.end());
                if (random.nextInt(10) == 0) {
                    slow.join(this::source);
                }
            }
            assertThat(running.content(SEGMENT)).as("round %d", round).isEqualTo(part(0, slow.end()));
        }
    }

    private void grow(PieceChain chain, int to, int longest, Random random) throws Exception {
        while (chain.end() < to) {
            chain.append(part(chain.end(), Math.min(chain.end() + 1 + random.nextInt(longest), to)));
        }
    }

    @Test
    void aReaderSeesAllOfItWhileItIsJoined() throws Exception {
        PieceChain chain = chain();
        AtomicInteger saved = new AtomicInteger();
        AtomicReference<Exception> failure = new AtomicReference<>();
        Thread writer = Thread.ofPlatform().start(() -> {
            try {
                while (chain.end() < 1_200_000) {
                    saved.set(chain.append(part(chain.end(), chain.end() + 700)));
                    chain.join(this::source);
                }
            } catch (Exception e) {
                failure.set(e);
            }
        });
        while (writer.isAlive()) {
            int least = saved.get();
            byte[] seen = running.content(SEGMENT);
            assertThat(seen.length).isGreaterThanOrEqualTo(least);
            assertThat(Arrays.mismatch(seen, 0, seen.length, content, 0, seen.length))
                    .isNegative();
        }
        assertThat(failure.get()).isNull();
        assertThat(running.savedTo(SEGMENT)).isEqualTo(saved.get());
    }
}
