package org.pgark.logical.restore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.pgark.logical.archive.ArchiveException;
import org.pgark.logical.archive.ArchiveMessages;
import org.pgark.logical.archive.ArchiveReader;
import org.pgark.logical.archive.Section;
import org.pgark.logical.archive.TocEntry;

/**
 * A restore over several connections. What comes before the data is made over one connection; then whatever waits for
 * nothing and gets in nobody's way is given to a free worker, the largest first; what is left over at the end, because its
 * dependencies go in circles, is done over one connection again.
 */
final class ParallelRestore {
    private record Result(
            Worker worker,
            RestoreItem item,
            ItemRestore.Outcome outcome,
            boolean hadErrors,
            Optional<IOException> failure) {}

    private static final Comparator<RestoreItem> LARGEST_FIRST = Comparator.comparingLong(
                    (RestoreItem item) -> -item.size())
            .thenComparingInt(item -> item.entry().dumpId());

    private final RestoreContext context;
    private final ArchiveMessages messages;
    private final ServerConnections connections;
    private final ArchiveReader archive;
    private final boolean endsWithFirstError;
    private final BlockingQueue<Result> results = new LinkedBlockingQueue<>();
    private final Map<Worker, RestoreItem> running = new HashMap<>();
    private final List<Worker> idle = new ArrayList<>();
    private final Set<RestoreItem> pending = new LinkedHashSet<>();
    private final TreeSet<RestoreItem> ready = new TreeSet<>(LARGEST_FIRST);
    private final DependencyGraph graph;
    private RestorePass pass = RestorePass.MAIN;
    private int itemsWithErrors;

    ParallelRestore(
            RestoreContext context, ServerConnections connections, ArchiveReader archive, boolean endsWithFirstError) {
        this.context = context;
        this.messages = context.messages();
        this.connections = connections;
        this.archive = archive;
        this.endsWithFirstError = endsWithFirstError;
        this.graph = new DependencyGraph(context);
    }

    /** Restores all, and gives the number of errors that were passed over. */
    int run(int workers) throws IOException {
        int errors = 0;
        Optional<String> database;
        try (ServerTarget first = target(Optional.empty())) {
            RestoreRun serial = new RestoreRun(context, first, new ArchiveDataReader(archive, context));
            serial.begin();
            beforeData(serial);
            if (context.options().transactionSize() > 0) {
                first.commit("");
            }
            errors += first.errors().count();
            database = first.database();
        }
        runWorkers(workers, database);
        errors += itemsWithErrors;
        errors += leftOver(database);
        return errors;
    }

    private ServerTarget target(Optional<String> database) throws IOException {
        return new ServerTarget(
                connections,
                database,
                new RestoreErrors(messages, endsWithFirstError),
                context.session().standardStrings());
    }

    private void beforeData(RestoreRun serial) throws IOException {
        boolean passedSome = false;
        for (RestoreItem item : context.items()) {
            TocEntry entry = item.entry();
            boolean now = switch (entry.section()) {
                case PRE_DATA -> true;
                case DATA, POST_DATA -> false;
                case NONE -> !passedSome;
            };
            passedSome |= entry.section() == Section.DATA || entry.section() == Section.POST_DATA;
            if (now && RestorePass.of(entry) == RestorePass.MAIN) {
                messages.info("processing item " + name(entry));
                serial.finish(item, serial.itemRestore().restore(item));
                graph.done(item);
            } else {
                pending.add(item);
            }
        }
    }

    private static String name(TocEntry entry) {
        return entry.dumpId() + " " + entry.description() + " " + entry.tag();
    }

    private void runWorkers(int count, Optional<String> database) throws IOException {
        for (int index = 0; index < count; index++) {
            idle.add(new Worker(index + 1, database));
        }
        List<Worker> all = List.copyOf(idle);
        try {
            all.forEach(Worker::start);
            messages.info("entering main parallel loop");
            moveReady();
            loop();
            messages.info("finished main parallel loop");
        } finally {
            all.forEach(Worker::stop);
            all.forEach(Worker::join);
        }
    }

    private void loop() throws IOException {
        while (true) {
            Optional<RestoreItem> next = idle.isEmpty() ? Optional.empty() : nextItem();
            if (next.isPresent()) {
                launch(next.get());
            } else if (running.isEmpty()) {
                if (pass == RestorePass.LAST) {
                    return;
                }
                pass = pass == RestorePass.MAIN ? RestorePass.PRIVILEGES : RestorePass.LAST;
                moveReady();
            } else {
                take();
            }
        }
    }

    private Optional<RestoreItem> nextItem() {
        Optional<RestoreItem> found = ready.stream()
                .filter(item -> running.values().stream().noneMatch(other -> graph.conflict(item, other)))
                .findFirst();
        found.ifPresent(ready::remove);
        return found;
    }

    private void launch(RestoreItem item) {
        if (!item.isWanted()) {
            messages.info("skipping item " + name(item.entry()));
            done(item);
            return;
        }
        messages.info("launching item " + name(item.entry()));
        Worker worker = idle.removeLast();
        running.put(worker, item);
        worker.give(item);
    }

    private void take() throws IOException {
        Result result;
        try {
            result = results.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ArchiveException("terminated by user", e);
        }
        if (result.failure().isPresent()) {
            throw result.failure().get();
        }
        running.remove(result.worker());
        idle.add(result.worker());
        messages.info("finished item " + name(result.item().entry()));
        if (result.hadErrors() || result.outcome() == ItemRestore.Outcome.TABLE_FAILED) {
            itemsWithErrors++;
        }
        switch (result.outcome()) {
            case DONE -> {}
            case TABLE_CREATED -> context.dataOf(result.item()).ifPresent(RestoreItem::setTableCreated);
            case TABLE_FAILED -> context.dataOf(result.item()).ifPresent(item -> item.setNeeds(Set.of()));
        }
        done(result.item());
    }

    private void done(RestoreItem item) {
        for (RestoreItem freed : graph.done(item)) {
            if (RestorePass.of(freed.entry()) == pass && pending.remove(freed)) {
                ready.add(freed);
            }
        }
    }

    private void moveReady() {
        pending.removeIf(item -> graph.isReady(item) && RestorePass.of(item.entry()) == pass && ready.add(item));
    }

    private int leftOver(Optional<String> database) throws IOException {
        if (pending.isEmpty()) {
            return 0;
        }
        try (ServerTarget last = target(database)) {
            ItemRestore restore = new ItemRestore(context, last, new ArchiveDataReader(archive, context), false);
            restore.settings().begin();
            for (RestoreItem item : pending) {
                messages.info("processing missed item " + name(item.entry()));
                restore.restore(item);
            }
            if (context.options().transactionSize() > 0) {
                last.commit("");
            }
            return last.errors().count();
        }
    }

    /** A thread with a connection and an open archive of its own. */
    private final class Worker {
        private final BlockingQueue<Optional<RestoreItem>> work = new LinkedBlockingQueue<>();
        private final Optional<String> database;
        private final Thread thread;
        private volatile Optional<ServerTarget> open = Optional.empty();

        Worker(int number, Optional<String> database) {
            this.database = database;
            this.thread = Thread.ofPlatform()
                    .name("restore-worker-" + number)
                    .daemon()
                    .unstarted(this::run);
        }

        void start() {
            thread.start();
        }

        void give(RestoreItem item) {
            work.add(Optional.of(item));
        }

        /** Lets it end; what it is doing is given up if the restore has failed elsewhere. */
        void stop() {
            work.add(Optional.empty());
            if (running.containsKey(this)) {
                open.ifPresent(target -> {
                    try {
                        target.connection().cancel();
                    } catch (IOException e) {
                        messages.debug("could not cancel a worker's statement: " + e.getMessage());
                    }
                });
            }
        }

        void join() {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void run() {
            RestoreItem current = null;
            try (ServerTarget target = target(database);
                    ArchiveReader reader = archive.again()) {
                open = Optional.of(target);
                ItemRestore restore = new ItemRestore(context, target, new ArchiveDataReader(reader, context), true);
                restore.settings().begin();
                int before = target.errors().count();
                for (Optional<RestoreItem> item = work.take(); item.isPresent(); item = work.take()) {
                    current = item.get();
                    ItemRestore.Outcome outcome = restore.restore(current);
                    int after = target.errors().count();
                    results.add(new Result(this, current, outcome, after > before, Optional.empty()));
                    before = after;
                }
                if (context.options().transactionSize() > 0) {
                    target.commit("");
                }
            } catch (IOException e) {
                fail(current, e);
            } catch (RuntimeException | Error e) {
                fail(current, new ArchiveException("a worker of the restore failed: " + e, e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                fail(current, new ArchiveException("terminated by user", e));
            } finally {
                open = Optional.empty();
            }
        }

        private void fail(@org.jspecify.annotations.Nullable RestoreItem item, IOException failure) {
            RestoreItem blamed = item == null ? context.items().getFirst() : item;
            results.add(new Result(this, blamed, ItemRestore.Outcome.DONE, true, Optional.of(failure)));
        }
    }
}
