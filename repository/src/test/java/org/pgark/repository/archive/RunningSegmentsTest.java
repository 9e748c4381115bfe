package org.pgark.repository.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;

class RunningSegmentsTest {
    private static final WalSegmentName SEGMENT = WalSegmentName.parse("0000000100000002000000FF");
    private static final WalSegmentName NEXT = WalSegmentName.parse("000000010000000300000000");

    private static final WalSegmentSize SIZE = new WalSegmentSize(16 << 20);

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
        PieceChain chain = running.chain(SEGMENT, SIZE);
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
        assertThat(chain.append(100, this::source)).isEqualTo(100);
        assertThat(chain.append(2_500_000, this::source)).isEqualTo(2_500_000);
        assertThat(chain.append(2_500_001, this::source)).isEqualTo(2_500_001);
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
        first.append(1000, this::source);
        assertThat(second.append(400, this::source)).isEqualTo(1000);
        assertThat(third.append(1700, this::source)).isEqualTo(1700);
        assertThat(first.append(1700, this::source)).isEqualTo(1700);
        assertThat(running.content(SEGMENT)).isEqualTo(part(0, 1700));
    }

    @Test
    void anotherHistoryIsRefused() throws Exception {
        PieceChain other = chain();
        chain().append(1000, this::source);
        byte[] bytes = part(0, 1200);
        bytes[999] ^= 1;
        assertThatThrownBy(() -> other.append(1200, (from, length) -> Arrays.copyOfRange(bytes, from, from + length)))
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
            chain.append(at + 1000, this::source);
        }
        chain.join(this::source);
        running.chain(NEXT, SIZE).append(45, this::source);
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
            chain.append(Math.min(content.length, chain.end() + 200), this::source);
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
                slow.append(slow.end() + more, this::source);
                assertThat(running.savedTo(SEGMENT)).as("round %d", round).isGreaterThanOrEqualTo(slow.end());
                if (random.nextInt(10) == 0) {
                    slow.join(this::source);
                }
            }
            assertThat(running.content(SEGMENT)).as("round %d", round).isEqualTo(part(0, slow.end()));
        }
    }

    /** Two servers of one timeline go different ways at some place; pieces of the one are joined, unseen by the other's. */
    @Test
    void historiesThatPartAreNeverMixed() throws Exception {
        Random random = new Random(5);
        byte[] foreign = new byte[content.length];
        for (int round = 0; round < 60; round++) {
            running.delete(Timeline.FIRST, List.of(SEGMENT));
            int parting = 1 + random.nextInt(600_000);
            System.arraycopy(content, 0, foreign, 0, content.length);
            for (int at = parting; at < foreign.length; at += 1 + random.nextInt(50)) {
                foreign[at] ^= 1;
            }
            foreign[parting] = (byte) ~content[parting];
            PieceChain one = chain();
            grow(
                    one,
                    parting - random.nextInt(Math.min(parting, random.nextBoolean() ? 200 : 20_000)),
                    100_000,
                    random);
            PieceChain.Source others = (from, length) -> Arrays.copyOfRange(foreign, from, from + length);
            Optional<PieceChain> other = Optional.of(chain());
            int received = other.get().end();
            int lead = parting + 1 + random.nextInt(60_000);
            while (one.end() < lead) {
                one.append(one.end() + 1 + random.nextInt(1500), this::source);
                one.join(this::source);
            }
            boolean refused = false;
            while (!refused) {
                received += 1 + random.nextInt(random.nextBoolean() ? 300 : 200_000);
                if (other.isEmpty()) {
                    // A receiver that does not know what is there compares it with what it has.
                    byte[] there = running.content(SEGMENT);
                    int common = Math.min(there.length, received);
                    refused = Arrays.mismatch(there, 0, common, foreign, 0, common) >= 0;
                    if (refused || there.length > received) {
                        continue;
                    }
                    other = Optional.of(chain());
                }
                try {
                    if (received > other.get().end()) {
                        other.get().append(received, others);
                    }
                    byte[] saved = running.content(SEGMENT);
                    assertThat(saved.length).as("round %d", round).isGreaterThanOrEqualTo(received);
                    assertThat(Arrays.mismatch(saved, 0, received, foreign, 0, received))
                            .as("round %d", round)
                            .isNegative();
                    int end = received;
                    other = other.filter(chain -> chain.end() <= end);
                } catch (DifferentPieceException e) {
                    refused = true;
                }
            }
            assertThat(received).as("round %d", round).isGreaterThan(parting);
            grow(one, one.end() + 100_000, 2000, random);
            byte[] saved = running.content(SEGMENT);
            assertThat(Arrays.equals(saved, 0, saved.length, content, 0, saved.length))
                    .as("round %d", round)
                    .isTrue();
        }
    }

    private void grow(PieceChain chain, int to, int longest, Random random) throws Exception {
        while (chain.end() < to) {
            chain.append(Math.min(chain.end() + 1 + random.nextInt(longest), to), this::source);
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
                    saved.set(chain.append(chain.end() + 700, this::source));
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
