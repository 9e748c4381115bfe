package org.pgark.storage;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Proves on a store what a repository needs of it, with objects in a folder of their own, which are deleted in the end.
 */
public final class StoreProof {
    private static final int RACERS = 8;
    private static final int ROUNDS = 10;
    private static final int LISTED = 20;
    private static final int PART_BYTES = 1 << 20;

    private ObjectStore store;
    private final ObjectName folder;
    private final int megabytes;
    private final Consumer<Finding> told;
    private final Random random = new Random(1);
    private boolean locks;

    /**
     * One thing that was tried.
     *
     * @param name what
     * @param outcome whether the store does it
     * @param text what was seen
     */
    public record Finding(String name, Outcome outcome, String text) {
        /** Whether a repository can rest on it. */
        public boolean passed() {
            return outcome == Outcome.DONE;
        }
    }

    /** What came of a trial. */
    public enum Outcome {
        /** The store does what is needed. */
        DONE,
        /** It does not, but one writer can do without. */
        ONE_WRITER,
        /** It does not do what is needed. */
        FAILED
    }

    private interface Trial {
        String run() throws IOException, InterruptedException;
    }

    /** The store does not do what is needed. */
    private static final class Broken extends IOException {
        private static final long serialVersionUID = 1;

        Broken(String message) {
            super(message);
        }
    }

    /**
     * Prepares a proof.
     *
     * @param folder a name that nothing has
     * @param megabytes how much is written and read for the throughput
     * @param told each finding as soon as it is there
     */
    public StoreProof(ObjectStore store, ObjectName folder, int megabytes, Consumer<Finding> told) {
        this.store = store;
        this.folder = folder;
        this.megabytes = megabytes;
        this.told = told;
    }

    /** Tries everything. */
    public void run() throws InterruptedException {
        try {
            boolean conditional = tried("conditional create", this::conditionalCreate) != Outcome.ONE_WRITER;
            tried("read after write", this::readAfterWrite);
            tried("absence", this::absence);
            tried("atomic create", this::atomicCreate);
            if (conditional) {
                tried("create race", this::race);
            }
            tried("list after write", this::listAfterWrite);
            tried("ranges", this::ranges);
            tried("delete", this::delete);
            tried("latency", this::latency);
            tried("throughput", this::throughput);
        } finally {
            tried("clean up", this::cleanUp);
        }
    }

    private Outcome tried(String name, Trial trial) throws InterruptedException {
        Finding finding;
        try {
            finding = new Finding(name, Outcome.DONE, trial.run());
        } catch (OneWriter e) {
            finding = new Finding(name, Outcome.ONE_WRITER, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            finding = new Finding(name, Outcome.FAILED, String.valueOf(e.getMessage()));
        }
        told.accept(finding);
        return finding.outcome();
    }

    /** The store does not do what is needed for several writers. */
    private static final class OneWriter extends IOException {
        private static final long serialVersionUID = 1;

        OneWriter(String message) {
            super(message);
        }
    }

    private static void require(boolean condition, String otherwise) throws Broken {
        if (!condition) {
            throw new Broken(otherwise);
        }
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private void write(ObjectName name, byte[] content) throws IOException {
        try (ObjectWriter writer = store.create(name)) {
            writer.write(ByteBuffer.wrap(content));
            writer.commit();
        }
    }

    private byte[] read(ObjectName name, long offset, int length) throws IOException {
        byte[] content = new byte[length];
        store.read(name, offset, ByteBuffer.wrap(content));
        return content;
    }

    private String readAfterWrite() throws IOException {
        for (int number = 0; number < ROUNDS; number++) {
            ObjectName name = folder.child("read" + number);
            byte[] content = bytes(1000 + number);
            write(name, content);
            require(store.size(name).orElse(-1) == content.length, "an object is not there that was just written");
            require(
                    Arrays.equals(read(name, 0, content.length), content),
                    "an object has another content than was written");
        }
        return ROUNDS + " objects were there, with their content, when they were written";
    }

    private String absence() throws IOException {
        ObjectName name = folder.child("absent");
        require(store.size(name).isEmpty(), "an object is said to be there that was never written");
        try {
            read(name, 0, 1);
        } catch (NoSuchObjectException e) {
            return "what is not there is told apart from faults";
        }
        throw new Broken("an object could be read that was never written");
    }

    private String atomicCreate() throws IOException {
        ObjectName name = folder.child("unfinished");
        try (ObjectWriter writer = store.create(name)) {
            writer.write(ByteBuffer.wrap(bytes(100_000)));
            require(store.size(name).isEmpty(), "an object is there before it is complete");
        }
        require(store.size(name).isEmpty(), "an object is there that was given up");
        return "nothing is there of an object before it is complete";
    }

    private String conditionalCreate() throws IOException {
        if (TakenNames.areRefused(store, folder)) {
            return "a name that is taken is refused";
        }
        store = store.unconditional();
        throw new OneWriter("a name that is taken is not refused: a repository there can only have one writer");
    }

    private String race() throws IOException, InterruptedException {
        try (ExecutorService racers = Executors.newFixedThreadPool(RACERS)) {
            for (int round = 0; round < ROUNDS; round++) {
                ObjectName name = folder.child("race" + round);
                CyclicBarrier start = new CyclicBarrier(RACERS);
                List<Future<Boolean>> results = new ArrayList<>();
                for (int racer = 0; racer < RACERS; racer++) {
                    byte[] content = bytes(100);
                    results.add(racers.submit(() -> {
                        start.await();
                        try {
                            write(name, content);
                            return true;
                        } catch (ObjectExistsException e) {
                            return false;
                        }
                    }));
                }
                int winners = 0;
                for (Future<Boolean> result : results) {
                    winners += result.get() ? 1 : 0;
                }
                require(winners == 1, winners + " of " + RACERS + " writers created the same object");
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
        return "of " + RACERS + " writers at once one created the object, " + ROUNDS + " times";
    }

    private String listAfterWrite() throws IOException {
        ObjectName list = folder.child("list");
        for (int number = 0; number < LISTED; number++) {
            write(list.child("below" + number % 3).child("object" + number), bytes(number + 1));
            require(store.list(list).size() == number + 1, "a listing lacks an object that was just written");
        }
        require(
                store.list(list).stream().mapToLong(StoredObject::size).sum() == LISTED * (LISTED + 1) / 2,
                "a listing has wrong sizes");
        require(store.folders(list).equals(List.of("below0", "below1", "below2")), "a listing has wrong folders");
        return LISTED + " objects were listed when they were written";
    }

    private String ranges() throws IOException {
        ObjectName name = folder.child("ranges");
        byte[] content = bytes(300_000);
        write(name, content);
        for (int number = 0; number < LISTED; number++) {
            int offset = random.nextInt(content.length);
            int length = 1 + random.nextInt(content.length - offset);
            require(
                    Arrays.equals(read(name, offset, length), Arrays.copyOfRange(content, offset, offset + length)),
                    "a range has another content than was written");
        }
        try {
            read(name, content.length - 10, 20);
        } catch (EOFException e) {
            return LISTED + " ranges had their content, and the end is noticed";
        }
        throw new Broken("more could be read than was written");
    }

    private String delete() throws IOException {
        ObjectName name = folder.child("delete").child("object");
        write(name, bytes(10));
        try {
            store.delete(name);
        } catch (LockedObjectException e) {
            locks = true;
            return "what is locked cannot be deleted"
                    + e.until().map(end -> " before " + end).orElse("");
        }
        require(store.size(name).isEmpty(), "an object is there that was deleted");
        require(store.list(folder.child("delete")).isEmpty(), "a listing has an object that was deleted");
        store.delete(name);
        return "what is deleted is gone, and can be deleted again";
    }

    private String latency() throws IOException {
        List<Long> creates = new ArrayList<>();
        List<Long> reads = new ArrayList<>();
        List<Long> deletes = new ArrayList<>();
        for (int number = 0; number < LISTED; number++) {
            ObjectName name = folder.child("latency" + number);
            long begin = System.nanoTime();
            write(name, bytes(1000));
            long written = System.nanoTime();
            read(name, 0, 1000);
            long read = System.nanoTime();
            store.deleteUnlessLocked(name);
            creates.add(written - begin);
            reads.add(read - written);
            deletes.add(System.nanoTime() - read);
        }
        return "create " + describe(creates) + ", read " + describe(reads) + ", delete " + describe(deletes);
    }

    private static String describe(List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        return String.format(
                java.util.Locale.ROOT,
                "%.1f ms (slowest %.1f)",
                sorted.get(sorted.size() / 2) / 1e6,
                sorted.getLast() / 1e6);
    }

    private String throughput() throws IOException {
        ObjectName name = folder.child("large");
        byte[] part = bytes(PART_BYTES);
        long begin = System.nanoTime();
        try (ObjectWriter writer = store.create(name)) {
            for (int number = 0; number < megabytes; number++) {
                writer.write(ByteBuffer.wrap(part));
            }
            writer.commit();
        }
        long written = System.nanoTime();
        for (int number = 0; number < megabytes; number++) {
            require(
                    Arrays.equals(read(name, (long) number * PART_BYTES, PART_BYTES), part),
                    "a large object has another content than was written");
        }
        return "one writer " + rate(written - begin) + ", one reader " + rate(System.nanoTime() - written) + ", of "
                + megabytes + " MiB";
    }

    private String rate(long nanos) {
        return String.format(
                java.util.Locale.ROOT,
                "%.0f MiB/s",
                megabytes / (Duration.ofNanos(nanos).toNanos() / 1e9));
    }

    private String cleanUp() throws IOException {
        for (StoredObject object : store.list(folder)) {
            store.deleteUnlessLocked(object.name());
        }
        if (locks) {
            return "what is left in \"" + folder + "\" is locked, and of no use";
        }
        require(store.list(folder).isEmpty(), "objects of this check are left in \"" + folder + "\"");
        return "nothing is left of this check";
    }
}
