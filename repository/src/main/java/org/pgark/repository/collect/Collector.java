package org.pgark.repository.collect;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.PackFolder;
import org.pgark.repository.pack.PackRewriter;
import org.pgark.repository.pack.PackSummary;
import org.pgark.storage.LockedObjectException;
import org.pgark.storage.NoSuchObjectException;

/**
 * Frees what no backup needs: packs of which nothing is needed, and the dead part of those of which little is.
 *
 * <p>May be killed at any instruction and started beside others, backups and restores on this host and on others. What it
 * rests on is checked again in the log when it marks packs; if it does not hold any more, it looks anew.
 */
public final class Collector {
    /** So many new packs go into one mark, so that a collector that is killed loses little of its work. */
    private static final int PACKS_OF_MARK = 16;
    /** As many as an object service deletes in one request. */
    private static final int PACKS_AT_ONCE = 1000;

    private static final int ATTEMPTS = 20;

    private final CollectLog log;
    private final PackFolder packs;
    private final Supplier<FrameReader> readers;
    private final Supplier<PackRewriter> rewriters;
    private final double limit;
    private final CollectProgress progress;

    private final List<String> damaged = new ArrayList<>();
    private final Set<ObjectId> deleted = new HashSet<>();
    private String lastMark = "";
    private final Map<PackSummary, Instant> locked = new HashMap<>();
    private long deletedBytes;
    private long rewrittenBytes;
    private long newBytes;
    private long rewrittenPacks;

    /**
     * Collects in one cluster.
     *
     * @param limit packs of which a smaller share is needed are rewritten, 0 to 1
     */
    public Collector(
            CollectLog log,
            PackFolder packs,
            Supplier<FrameReader> readers,
            Supplier<PackRewriter> rewriters,
            double limit,
            CollectProgress progress) {
        this.log = log;
        this.packs = packs;
        this.readers = readers;
        this.rewriters = rewriters;
        this.limit = limit;
        this.progress = progress;
    }

    /** Says what {@link #run} would do; writes nothing. */
    public CollectOutcome plan() throws IOException {
        LogView view = log.view();
        CollectPlan plan = CollectPlan.of(view, needed(view), packs, limit);
        damaged.addAll(plan.damaged);
        rewrittenPacks = plan.rewritten.size();
        rewrittenBytes = bytes(plan.rewritten);
        newBytes = plan.neededBytes;
        return outcome(view, plan);
    }

    /**
     * Collects.
     *
     * @throws IOException also if a backup cannot be read: then nothing is known to be dead, and nothing is touched
     */
    public CollectOutcome run() throws IOException {
        packs.openReserve();
        log.endStaleSessions();
        sweep();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            damaged.clear();
            LogView view = log.view();
            NeededFrames needed;
            try {
                needed = needed(view);
            } catch (NoSuchObjectException | UnlistedPackException e) {
                if (holds(view)) {
                    throw e;
                }
                continue;
            }
            CollectPlan plan = CollectPlan.of(view, needed, packs, limit);
            if (carryOut(view, needed, plan)) {
                sweep();
                damaged.addAll(plan.damaged);
                packs.keepReserve();
                return outcome(view, plan);
            }
        }
        throw new IOException("backups came and went too fast; what was not marked can be collected later");
    }

    /** Whether no backup went and no pack was marked since. */
    private boolean holds(LogView view) throws IOException {
        LogView now = log.view();
        return now.lastMark().equals(view.lastMark()) && now.needed().containsAll(view.needed());
    }

    private NeededFrames needed(LogView view) throws IOException {
        NeededFrames needed = new NeededFrames();
        try (FrameReader frames = readers.get()) {
            for (NeededBackup backup : view.needed()) {
                progress.phase("reading what backup " + backup.id() + " needs");
                needed.add(backup, frames);
                Optional<ObjectId> outside = needed.outside(view.listed().keySet());
                if (outside.isPresent()) {
                    throw new UnlistedPackException(backup.id(), outside.get());
                }
            }
        }
        return needed;
    }

    /** Returns whether everything is marked; false if the log has moved on so that one has to look anew. */
    private boolean carryOut(LogView view, NeededFrames needed, CollectPlan plan) throws IOException {
        lastMark = view.lastMark();
        if (!plan.dead.isEmpty()) {
            if (!marked(view, dead(plan), plan.unlisted, List.of())) {
                return false;
            }
            // Makes room for what is rewritten.
            sweep();
        }
        progress.phase("rewriting packs");
        progress.total(bytes(plan.rewritten));
        try (PackRewriter rewriter = rewriters.get()) {
            Map<ObjectId, ObjectId> moves = log.moves();
            Batch batch = new Batch();
            for (PackSummary pack : plan.rewritten) {
                rewrite(rewriter, pack, needed, moves, batch);
                if (rewriter.isFull()) {
                    rewriter.finishPack();
                    batch.add(rewriter.take());
                }
                if (batch.created.size() >= PACKS_OF_MARK) {
                    if (!marked(view, batch.packs(), false, List.of())) {
                        return false;
                    }
                    count(batch);
                    batch = new Batch();
                }
            }
            rewriter.finishPack();
            batch.add(rewriter.take());
            boolean nothingLeft = batch.packs().isEmpty() && view.deleted().isEmpty();
            if (!nothingLeft && !marked(view, batch.packs(), false, view.deleted())) {
                return false;
            }
            count(batch);
        }
        // What seems to be damaged or missing may only have been collected by another one meanwhile.
        boolean sound = damaged.isEmpty() && plan.damaged.isEmpty();
        return sound || log.view().lastMark().equals(lastMark);
    }

    private boolean marked(LogView view, MarkedPacks packs, boolean unlisted, List<String> done) throws IOException {
        Optional<String> mark = log.mark(view, lastMark, packs, unlisted, done);
        lastMark = mark.orElse(lastMark);
        return mark.isPresent();
    }

    private static MarkedPacks dead(CollectPlan plan) {
        return new MarkedPacks(plan.dead, List.of(), new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    private void rewrite(
            PackRewriter rewriter, PackSummary pack, NeededFrames needed, Map<ObjectId, ObjectId> moves, Batch batch)
            throws IOException {
        try {
            rewriter.rewrite(pack.id(), needed.of(pack.id()).numbers(), moves);
            batch.asked.put(pack.id(), pack);
        } catch (DamagedObjectException e) {
            damaged.add(String.valueOf(e.getMessage()));
        } catch (NoSuchObjectException e) {
            damaged.add(String.valueOf(e.getMessage()));
        }
        progress.advanced(pack.size());
    }

    private void count(Batch batch) {
        rewrittenPacks += batch.rewritten.size();
        rewrittenBytes += bytes(batch.rewritten.sequencedKeySet());
        newBytes += bytes(batch.created);
    }

    /** Packs that were rewritten and are not marked yet. */
    private static final class Batch {
        final SequencedMap<ObjectId, PackSummary> asked = new LinkedHashMap<>();
        final List<PackSummary> created = new ArrayList<>();
        final SequencedMap<PackSummary, Integer> rewritten = new LinkedHashMap<>();
        final SequencedMap<ObjectId, Integer> handedOn = new LinkedHashMap<>();

        void add(List<PackRewriter.Rewritten> packs) {
            for (PackRewriter.Rewritten pack : packs) {
                int index = created.size();
                created.add(pack.pack());
                for (ObjectId before : pack.before()) {
                    PackSummary old = asked.get(before);
                    if (old == null) {
                        handedOn.put(before, index);
                    } else {
                        rewritten.put(old, index);
                    }
                }
            }
        }

        MarkedPacks packs() {
            return new MarkedPacks(List.of(), created, rewritten, handedOn);
        }
    }

    /** Deletes the packs of marks that nobody can be reading any more who began before they were marked. */
    private void sweep() throws IOException {
        List<Long> swept = new ArrayList<>();
        for (CollectLog.Unswept mark : log.unswept()) {
            if (mark.waitsFor().isEmpty()) {
                progress.phase("deleting packs");
                progress.total(bytes(mark.packs().goners()));
                boolean gone = true;
                List<PackSummary> goners = mark.packs().goners();
                for (int at = 0; at < goners.size(); at += PACKS_AT_ONCE) {
                    List<PackSummary> next = goners.subList(at, Math.min(goners.size(), at + PACKS_AT_ONCE));
                    gone &= areGone(next);
                    progress.advanced(bytes(next));
                }
                if (gone) {
                    swept.add(mark.entry());
                }
            }
        }
        if (!swept.isEmpty()) {
            log.swept(swept);
        }
    }

    /** What is locked stays, and so does its mark, so that a later collector deletes it. */
    private boolean areGone(List<PackSummary> goners) throws IOException {
        PackFolder.Deletion deletion =
                packs.delete(goners.stream().map(PackSummary::id).toList());
        for (PackSummary pack : goners) {
            LockedObjectException why = deletion.locked().get(pack.id());
            if (why != null) {
                locked.put(pack, why.until().orElse(Instant.MIN));
            } else if (deletion.deleted().contains(pack.id()) && deleted.add(pack.id())) {
                deletedBytes += pack.size();
            }
        }
        return deletion.locked().isEmpty();
    }

    private CollectOutcome outcome(LogView view, CollectPlan plan) throws IOException {
        List<PackSummary> waiting = new ArrayList<>();
        Set<String> waitsFor = new TreeSet<>();
        for (CollectLog.Unswept mark : log.unswept()) {
            if (!mark.waitsFor().isEmpty()) {
                waiting.addAll(mark.packs().goners());
                waitsFor.addAll(mark.waitsFor());
            }
        }
        return new CollectOutcome(
                plan.dead.size(),
                bytes(plan.dead),
                rewrittenPacks,
                rewrittenBytes,
                newBytes,
                deleted.size(),
                deletedBytes,
                waiting.size(),
                bytes(waiting),
                List.copyOf(waitsFor),
                new CollectOutcome.Locked(
                        locked.size(),
                        bytes(locked.keySet()),
                        locked.values().stream().max(Instant::compareTo).filter(end -> !end.equals(Instant.MIN))),
                plan.kept.size(),
                bytes(plan.kept),
                view.unlisted(),
                damaged);
    }

    private static long bytes(Iterable<PackSummary> packs) {
        long bytes = 0;
        for (PackSummary pack : packs) {
            bytes += pack.size();
        }
        return bytes;
    }
}
