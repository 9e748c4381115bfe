package org.pgark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What every store promises. */
public abstract class ObjectStoreContract {
    private ObjectStore store;

    /** Opens an empty store. */
    protected abstract ObjectStore open() throws IOException;

    /** Why an emulator does not decide races between writers; empty for all that do. */
    protected Optional<String> whyRacesAreOpen() {
        return Optional.empty();
    }

    /** Why what serves it does not take an object of more than 5 GiB; empty for all that do. */
    protected Optional<String> whyTheLargestAreLeftOut() {
        return Optional.empty();
    }

    @BeforeEach
    void openStore() throws IOException {
        store = open();
    }

    @AfterEach
    void closeStore() throws IOException {
        store.close();
    }

    static ObjectName name(String value) {
        return new ObjectName(value);
    }

    static void put(ObjectStore store, String name, String text) throws IOException {
        try (ObjectWriter writer = store.create(name(name))) {
            writer.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            writer.commit();
        }
    }

    static String get(ObjectStore store, String name, long offset, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length);
        store.read(name(name), offset, target);
        assertThat(target.hasRemaining()).isFalse();
        return new String(target.array(), StandardCharsets.UTF_8);
    }

    @Test
    void readsBackWhatWasCommitted() throws IOException {
        put(store, "a/b", "hello, world");
        assertThat(store.size(name("a/b"))).hasValue(12);
        assertThat(get(store, "a/b", 0, 12)).isEqualTo("hello, world");
        assertThat(get(store, "a/b", 7, 5)).isEqualTo("world");
        assertThat(get(store, "a/b", 12, 0)).isEmpty();
    }

    @Test
    void keepsObjectsOfNoBytes() throws IOException {
        put(store, "empty", "");
        assertThat(store.size(name("empty"))).hasValue(0);
    }

    @Test
    void readsSmallObjectsWhole() throws IOException {
        put(store, "small", "hello, world");
        put(store, "none", "");
        String large = "0123456789".repeat(20_000);
        put(store, "large", large);

        assertThat(store.readWhole(name("small"), 12)).hasValue("hello, world".getBytes(StandardCharsets.UTF_8));
        assertThat(store.readWhole(name("none"), 12)).hasValue(new byte[0]);
        assertThat(store.readWhole(name("large"), 1 << 20)).hasValue(large.getBytes(StandardCharsets.UTF_8));
        assertThat(store.readWhole(name("absent"), 12)).isEmpty();
        assertThatThrownBy(() -> store.readWhole(name("small"), 11))
                .isInstanceOfSatisfying(
                        OversizedObjectException.class,
                        thrown -> assertThat(thrown.size()).isEqualTo(12));
    }

    @Test
    void writesFromBuffersOfEveryKind() throws IOException {
        try (ObjectWriter writer = store.create(name("parts"))) {
            writer.write(
                    ByteBuffer.allocateDirect(2).put((byte) 'a').put((byte) 'b').flip());
            writer.write(ByteBuffer.wrap("xcdx".getBytes(StandardCharsets.UTF_8), 1, 2));
            writer.write(ByteBuffer.allocate(0));
            writer.commit();
        }
        assertThat(get(store, "parts", 0, 4)).isEqualTo("abcd");
    }

    @Test
    void refusesToReadBeyondTheEnd() throws IOException {
        put(store, "short", "abc");
        assertThatThrownBy(() -> get(store, "short", 1, 3))
                .isInstanceOf(EOFException.class)
                .hasMessage("object \"short\" in " + store.description() + " ends too early");
        assertThatThrownBy(() -> get(store, "short", 10, 1)).isInstanceOf(EOFException.class);
    }

    @Test
    void tellsAbsenceApart() throws IOException {
        assertThat(store.size(name("no/such"))).isEmpty();
        assertThatThrownBy(() -> get(store, "no/such", 0, 1))
                .isInstanceOf(NoSuchObjectException.class)
                .hasMessage("object \"no/such\" does not exist in " + store.description());
        assertThatThrownBy(() -> store.settle(name("no/such"))).isInstanceOf(NoSuchObjectException.class);
    }

    @Test
    void aFolderIsNoObject() throws IOException {
        put(store, "folder/object", "x");
        assertThat(store.size(name("folder"))).isEmpty();
    }

    @Test
    void showsNothingBeforeCommit() throws IOException {
        try (ObjectWriter writer = store.create(name("folder/late"))) {
            writer.write(ByteBuffer.wrap(new byte[100]));
            assertThat(store.size(name("folder/late"))).isEmpty();
            assertThat(store.list(name("folder"))).isEmpty();
        }
        assertThat(store.size(name("folder/late"))).isEmpty();
    }

    @Test
    void leavesAnExistingObjectAsItIs() throws IOException {
        put(store, "taken", "first");
        assertThatThrownBy(() -> put(store, "taken", "second"))
                .isInstanceOf(ObjectExistsException.class)
                .hasMessage("object \"taken\" exists already in " + store.description());
        assertThat(get(store, "taken", 0, 5)).isEqualTo("first");
    }

    @Test
    void letsExactlyOneOfManyWritersCommit() throws Exception {
        Optional<String> open = whyRacesAreOpen();
        Assumptions.assumeTrue(open.isEmpty(), open.orElse(""));
        AtomicInteger committed = new AtomicInteger();
        List<Callable<String>> writers = java.util.stream.IntStream.range(0, 8)
                .<Callable<String>>mapToObj(number -> () -> {
                    try {
                        put(store, "race", "writer " + number);
                        committed.incrementAndGet();
                        return "writer " + number;
                    } catch (ObjectExistsException e) {
                        return "";
                    }
                })
                .toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            StringBuilder winners = new StringBuilder();
            for (Future<String> writer : threads.invokeAll(writers)) {
                winners.append(writer.get());
            }
            assertThat(committed).hasValue(1);
            assertThat(get(store, "race", 0, 8)).isEqualTo(winners.toString());
        }
    }

    @Test
    void listsObjectsAtAnyDepthInOrder() throws IOException {
        for (String name : List.of("a/c", "a/b/2", "a/b/10", "a/b-1", "ab", "a.b/x")) {
            put(store, name, name);
        }
        assertThat(store.list(name("a")))
                .containsExactly(
                        new StoredObject(name("a/b-1"), 5),
                        new StoredObject(name("a/b/10"), 6),
                        new StoredObject(name("a/b/2"), 5),
                        new StoredObject(name("a/c"), 3));
        assertThat(store.list(name("none"))).isEmpty();
        assertThat(store.list(name("ab"))).isEmpty();
    }

    @Test
    void listsSubfolders() throws IOException {
        for (String name : List.of("a/x/1", "a/x/2", "a/w/y/3", "a/file")) {
            put(store, name, name);
        }
        assertThat(store.folders(name("a"))).containsExactly("w", "x");
        assertThat(store.folders(name("a/file"))).isEmpty();
        assertThat(store.folders(name("none"))).isEmpty();
        store.delete(name("a/w/y/3"));
        assertThat(store.folders(name("a"))).containsExactly("x");
    }

    @Test
    void deletesAndDoesNotMindAbsence() throws IOException {
        put(store, "gone", "x");
        assertThat(get(store, "gone", 0, 1)).isEqualTo("x");
        store.delete(name("gone"));
        store.delete(name("gone"));
        assertThat(store.size(name("gone"))).isEmpty();
        assertThatThrownBy(() -> get(store, "gone", 0, 1)).isInstanceOf(NoSuchObjectException.class);
        put(store, "gone", "y");
        assertThat(get(store, "gone", 0, 1)).isEqualTo("y");
    }

    @Test
    void deletesManyAtOnce() throws IOException {
        List<String> there = List.of(
                "many/.hidden/.x", "many/-dash/--", "many/_", "many/a..b/c", "many/odd/A", "many/odd/a.b", "many/%s"
                        .formatted("long".repeat(50)));
        for (String name : there) {
            put(store, name, name);
        }
        put(store, "many/odd/a", "x");
        List<ObjectName> asked = Stream.concat(there.stream(), Stream.of("absent", "many/absent", "many/odd/b"))
                .map(ObjectStoreContract::name)
                .toList();

        assertThat(store.deleteAll(asked)).isEmpty();
        assertThat(store.deleteAll(List.of())).isEmpty();
        assertThat(store.list(name("many"))).containsExactly(new StoredObject(name("many/odd/a"), 1));
        assertThat(get(store, "many/odd/a", 0, 1)).isEqualTo("x");
        for (ObjectName name : asked) {
            assertThat(store.size(name)).isEmpty();
        }
    }

    @Test
    void settlesWhatIsThere() throws IOException {
        put(store, "a/b/c", "x");
        store.settle(name("a/b/c"));
        assertThat(get(store, "a/b/c", 0, 1)).isEqualTo("x");
    }

    @Test
    void clearingLeftoversHarmsNoObjectAndNoWriterAtWork() throws IOException {
        put(store, "kept", "x");
        try (ObjectWriter writer = store.create(name("at-work"))) {
            writer.write(ByteBuffer.wrap(new byte[10]));
            store.removeLeftovers(Duration.ofHours(1));
            writer.commit();
        }
        assertThat(store.size(name("kept"))).hasValue(1);
        assertThat(store.size(name("at-work"))).hasValue(10);
    }

    @Test
    void readsManyObjectsFromManyThreads() throws Exception {
        for (int i = 0; i < 30; i++) {
            put(store, "many/" + i, "object " + (i + 100));
        }
        List<Callable<Boolean>> readers = java.util.stream.IntStream.range(0, 8)
                .<Callable<Boolean>>mapToObj(seed -> () -> {
                    for (int i = 0; i < 50; i++) {
                        int number = (i * 31 + seed * 17) % 30;
                        assertThat(get(store, "many/" + number, 7, 3)).isEqualTo("" + (number + 100));
                    }
                    return true;
                })
                .toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<Boolean> reader : threads.invokeAll(readers)) {
                assertThat(reader.get()).isTrue();
            }
        }
    }

    @Test
    void tellsNamesApartThatLookAlike() throws IOException {
        List<String> names = List.of(
                ".hidden/.x", "-dash/--", "_/_", "a..b/c", "odd/A", "odd/a", "odd/a.b", "odd/a-b", "odd/a_b",
                "odd/" + "long".repeat(50));
        for (String name : names) {
            put(store, name, name);
        }
        for (String name : names) {
            assertThat(get(store, name, 0, name.length())).isEqualTo(name);
        }
        assertThat(store.list(name("odd"))).hasSize(6);
        assertThat(store.list(name("-dash"))).containsExactly(new StoredObject(name("-dash/--"), 8));
        store.delete(name("odd/A"));
        assertThat(store.size(name("odd/a"))).hasValue(5);
    }

    /** Of some megabytes, so that parts were sent already where there are parts. */
    @Test
    void aLargeObjectThatIsGivenUpLeavesNothingAndItsNameFree() throws Exception {
        try (ObjectWriter writer = store.create(name("large/given-up"))) {
            writer.write(ByteBuffer.allocate(11 << 20));
            assertThat(store.size(name("large/given-up"))).isEmpty();
        }
        store.removeLeftovers(Duration.ofMinutes(-1));
        assertThat(store.size(name("large/given-up"))).isEmpty();
        assertThat(store.list(name("large"))).isEmpty();
        putWhenFree("large/given-up", "x");
        assertThat(get(store, "large/given-up", 0, 1)).isEqualTo("x");
    }

    /** The service may still be busy with a part that had come before the writer was given up. */
    private void putWhenFree(String object, String content) throws Exception {
        for (int tries = 1; ; tries++) {
            try {
                put(store, object, content);
                return;
            } catch (ObjectExistsException e) {
                if (tries == 20) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    /** More than five pages of the services that give a thousand in each. */
    @Test
    @Tag("slow")
    void listsThousandsOfObjectsAndDeletesThem() throws Exception {
        int count = 5100;
        List<ObjectName> names = IntStream.range(0, count)
                .mapToObj(number -> name("many/" + number % 3 + "/" + (10_000 + number)))
                .sorted(Comparator.naturalOrder())
                .toList();
        onThreads(names, object -> put(store, object.value(), "x"));
        assertThat(store.list(name("many")))
                .isEqualTo(names.stream()
                        .map(object -> new StoredObject(object, 1))
                        .toList());
        assertThat(store.folders(name("many"))).containsExactly("0", "1", "2");
        assertThat(store.deleteAll(names.subList(0, count - 1))).isEmpty();
        assertThat(store.list(name("many"))).containsExactly(new StoredObject(names.getLast(), 1));
        store.delete(names.getLast());
        assertThat(store.folders(name("many"))).isEmpty();
    }

    private interface Step {
        void run(ObjectName object) throws IOException;
    }

    private static void onThreads(List<ObjectName> names, Step step) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Boolean>> steps = names.stream()
                    .<Callable<Boolean>>map(object -> () -> {
                        step.run(object);
                        return true;
                    })
                    .toList();
            for (Future<Boolean> done : threads.invokeAll(steps)) {
                assertThat(done.get()).isTrue();
            }
        }
    }

    /** Larger than what a service takes in one request, and than what 32 bits count. */
    @Test
    @Tag("slow")
    void keepsAnObjectOfMoreThanFiveGibibytes() throws IOException {
        Optional<String> leftOut = whyTheLargestAreLeftOut();
        Assumptions.assumeTrue(leftOut.isEmpty(), leftOut.orElse(""));
        int piece = 1 << 20;
        long pieces = 5 * 1024 + 3;
        try (ObjectWriter writer = store.create(name("largest"))) {
            ByteBuffer zeros = ByteBuffer.allocate(piece);
            for (long number = 0; number < pieces; number++) {
                writer.write(zeros.putLong(0, number).duplicate());
            }
            writer.commit();
        }
        assertThat(store.size(name("largest"))).hasValue(pieces * piece);
        for (long number : new long[] {0, 1, 4095, 4096, 5 * 1024, pieces - 1}) {
            ByteBuffer target = ByteBuffer.allocate(16);
            store.read(name("largest"), number * piece, target);
            assertThat(target.getLong(0)).isEqualTo(number);
            assertThat(target.getLong(8)).isZero();
        }
        assertThat(store.list(name("largest"))).isEmpty();
        store.delete(name("largest"));
        assertThat(store.size(name("largest"))).isEmpty();
    }
}
