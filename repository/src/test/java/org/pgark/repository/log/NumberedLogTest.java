package org.pgark.repository.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.pgark.repository.StoreContents;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.frame.NewerFormatException;
import org.pgark.repository.json.JsonObject;
import org.pgark.storage.FaultyObjectStore;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.PassingStore;
import org.pgark.storage.StoreStep;
import tools.jackson.core.JsonGenerator;

class NumberedLogTest {
    private static final ObjectName FOLDER = new ObjectName("log");

    private final MemoryStore store = new MemoryStore();

    /** A log whose state is the sum of its entries' amounts. */
    private static final class Sum implements LogRules<Long> {
        @Override
        public Long initial() {
            return 0L;
        }

        @Override
        public Long apply(Long state, LogEntry entry) throws IOException {
            if (!entry.kind().equals("add")) {
                throw new NewerFormatException(entry.name(), "log entry \"" + entry.kind() + "\"");
            }
            return state + entry.body().number("amount");
        }

        @Override
        public void write(Long state, JsonGenerator target) {
            target.writeNumberProperty("sum", state.longValue());
        }

        @Override
        public Long read(JsonObject state) throws MalformedBytesException {
            return state.number("sum");
        }
    }

    private static NumberedLog<Long> log(ObjectStore store, long seed) {
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-22T10:42:00Z"));
        return new NumberedLog<>(
                FramedObjects.unsealed(store), FOLDER, new Sum(), clock, new Random(seed), LogMemory.NONE);
    }

    private static NewEntry entry(String kind, long amount) {
        return new NewEntry(kind, json -> json.writeNumberProperty("amount", amount), new byte[] {(byte) amount});
    }

    private static LogHead<Long> add(NumberedLog<Long> log, long amount) throws IOException {
        return log.append(_ -> Optional.of(entry("add", amount)));
    }

    @Test
    void beginsEmpty() throws IOException {
        assertThat(log(store, 1).head()).isEqualTo(new LogHead<>(0, "0".repeat(64), 0L));
    }

    @Test
    void isReadFromTheNewestStateOn() throws IOException {
        NumberedLog<Long> log = log(store, 1);
        for (int i = 1; i <= 100; i++) {
            assertThat(add(log, i))
                    .extracting(LogHead::number, LogHead::state)
                    .containsExactly((long) i, i * (i + 1L) / 2);
            assertThat(log(store, 2).head()).isEqualTo(log.head());
        }
        List<String> read = new ArrayList<>();
        ObjectStore watched = new FaultyObjectStore(store, (step, name, _) -> {
            if (step == StoreStep.READ) {
                read.add(name.lastPart());
            }
        });
        assertThat(log(watched, 3).head().state()).isEqualTo(5050);
        assertThat(read)
                .containsExactly(
                        "0000000000000096",
                        "0000000000000097",
                        "0000000000000098",
                        "0000000000000099",
                        "0000000000000100");
        log(store, 4).checkAll();
        assertThat(log.packList(77)).containsExactly(77);
    }

    @Test
    void readsSeveralEntriesAtTheSameTimeWhereEachIsFarAway() throws Exception {
        for (int i = 1; i <= 44; i++) {
            add(log(store, i), i);
        }
        CountDownLatch severalAtOnce = new CountDownLatch(4);
        AtomicBoolean failed = new AtomicBoolean();
        ObjectStore distant = new PassingStore(store) {
            @Override
            public boolean isDistant() {
                return true;
            }

            @Override
            public Optional<byte[]> readWhole(ObjectName name, int most) throws IOException {
                severalAtOnce.countDown();
                if (name.lastPart().endsWith("40") && failed.compareAndSet(false, true)) {
                    throw new IOException("the stream broke");
                }
                await(severalAtOnce);
                return super.readWhole(name, most);
            }
        };

        assertThat(log(distant, 99).head()).isEqualTo(log(store, 98).head());
        assertThat(failed).isTrue();
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IOException("one was read after the other");
            }
        } catch (InterruptedException e) {
            throw new InterruptedIOException(e.getMessage());
        }
    }

    @Test
    void writesNothingWhereNothingIsDecided() throws IOException {
        assertThat(log(store, 1).append(_ -> Optional.empty()).number()).isZero();
        assertThat(store.list(FOLDER)).isEmpty();
    }

    @Test
    void theSlowerOfTwoWritersLooksAgain() throws IOException {
        NumberedLog<Long> fast = log(store, 1);
        NumberedLog<Long> slow = log(store, 2);
        List<Long> seen = new ArrayList<>();
        LogHead<Long> head = slow.append(state -> {
            seen.add(state);
            if (seen.size() == 1) {
                add(fast, 5);
            }
            return Optional.of(entry("add", 10));
        });
        assertThat(seen).containsExactly(0L, 5L);
        assertThat(head.number()).isEqualTo(2);
        assertThat(head.state()).isEqualTo(15);
    }

    @Test
    void manyWritersEachGetANumberOfTheirOwn() throws Exception {
        List<Callable<Long>> writers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            NumberedLog<Long> log = log(store, i);
            writers.add(() -> {
                for (int j = 0; j < 15; j++) {
                    add(log, 1);
                }
                return 0L;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            for (Future<Long> writer : threads.invokeAll(writers)) {
                writer.get();
            }
        }
        assertThat(log(store, 9).head())
                .extracting(LogHead::number, LogHead::state)
                .containsExactly(90L, 90L);
        log(store, 9).checkAll();
    }

    @Test
    void needsNoListing() throws IOException {
        NumberedLog<Long> log = log(store, 1);
        for (int i = 0; i < 40; i++) {
            add(log, 1);
        }
        ObjectStore blind = new BlindStore(store);
        assertThat(log(blind, 2).head()).isEqualTo(log.head());
        add(log(blind, 3), 1);
        assertThat(log.head().state()).isEqualTo(41);
    }

    @Test
    void knowsItsOwnEntryWhenTheAnswerWasLost() throws IOException {
        assertThat(add(log(new RepeatingStore(store), 1), 7).state()).isEqualTo(7);
        assertThat(store.list(FOLDER)).hasSize(1);
    }

    @Test
    void namesAGap() throws IOException {
        NumberedLog<Long> log = log(store, 1);
        for (int i = 0; i < 5; i++) {
            add(log, 1);
        }
        store.delete(log.name(3));
        assertThatThrownBy(() -> log(store, 2).head())
                .isInstanceOf(DamagedObjectException.class)
                .hasMessage("object \"log/0000000000000003\" is damaged: it is missing,"
                        + " though there is entry 5 of the log");
    }

    @Test
    void namesTheEntryThatDoesNotFollow() throws IOException {
        MemoryStore other = new MemoryStore();
        for (int i = 0; i < 3; i++) {
            add(log(store, 1), 1);
            add(log(other, 2), 2);
        }
        ObjectName third = log(store, 1).name(3);
        StoreContents.replace(store, third, StoreContents.bytes(other, third));
        assertThatThrownBy(() -> log(store, 2).head())
                .isInstanceOf(DamagedObjectException.class)
                .hasMessage("object \"log/0000000000000003\" is damaged: it does not follow entry 2 of the log");
    }

    @Test
    void saysThatANewerVersionWroteAnEntry() throws IOException {
        NumberedLog<Long> log = log(store, 1);
        assertThatThrownBy(() -> log.append(_ -> Optional.of(entry("multiply", 3))))
                .isInstanceOf(NewerFormatException.class)
                .hasMessage("object \"log/0000000000000001\" was written by a newer version of pgark:"
                        + " log entry \"multiply\" is not known here");
    }

    @Test
    void passesOverWhatIsNoEntry() throws IOException {
        StoreContents.replace(store, FOLDER.child("readme.txt"), new byte[10]);
        assertThat(add(log(store, 1), 1).number()).isEqualTo(1);
    }

    /** Lists nothing, as a store may whose listings are behind. */
    private static final class BlindStore extends PassingStore {
        BlindStore(ObjectStore store) {
            super(store);
        }

        @Override
        public List<org.pgark.storage.StoredObject> list(ObjectName folder) {
            return List.of();
        }
    }

    /** Commits everything twice. */
    private static final class RepeatingStore extends PassingStore {
        RepeatingStore(ObjectStore store) {
            super(store);
        }

        @Override
        public org.pgark.storage.ObjectWriter create(ObjectName name) throws IOException {
            org.pgark.storage.ObjectWriter writer = super.create(name);
            return new org.pgark.storage.ObjectWriter() {
                @Override
                public void write(ByteBuffer source) throws IOException {
                    writer.write(source);
                }

                @Override
                public void commit() throws IOException {
                    writer.commit();
                    writer.commit();
                }

                @Override
                public void close() throws IOException {
                    writer.close();
                }
            };
        }
    }
}
