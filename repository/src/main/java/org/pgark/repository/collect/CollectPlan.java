package org.pgark.repository.collect;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.pack.PackFolder;
import org.pgark.repository.pack.PackSummary;
import org.pgark.storage.NoSuchObjectException;

/** What is to be done about each pack. */
final class CollectPlan {
    final List<PackSummary> dead = new ArrayList<>();
    final List<PackSummary> rewritten = new ArrayList<>();
    final List<PackSummary> kept = new ArrayList<>();
    final List<String> damaged = new ArrayList<>();
    boolean unlisted;
    long neededBytes;

    /**
     * Decides.
     *
     * @param limit the share of a pack's bytes from which on it stays as it is
     */
    static CollectPlan of(LogView view, NeededFrames needed, PackFolder packs, double limit) throws IOException {
        CollectPlan plan = new CollectPlan();
        Map<ObjectId, Long> listed = new TreeMap<>(view.listed());
        view.marked().forEach(listed::remove);
        for (Map.Entry<ObjectId, Long> pack : listed.entrySet()) {
            plan.decide(new PackSummary(pack.getKey(), pack.getValue()), needed, packs, limit);
        }
        Map<ObjectId, PackSummary> others = new LinkedHashMap<>();
        for (PackSummary pack : packs.list()) {
            if (!listed.containsKey(pack.id()) && !view.marked().contains(pack.id()) && !needed.needs(pack.id())) {
                others.put(pack.id(), pack);
            }
        }
        if (view.unlisted() == LogView.Unlisted.DEAD) {
            plan.dead.addAll(others.values());
            plan.unlisted = !others.isEmpty();
        } else {
            plan.kept.addAll(others.values());
        }
        return plan;
    }

    private void decide(PackSummary pack, NeededFrames needed, PackFolder packs, double limit) throws IOException {
        if (!needed.needs(pack.id())) {
            dead.add(pack);
            return;
        }
        long bytes = needed.of(pack.id()).bytes();
        if (bytes >= limit * pack.size()) {
            return;
        }
        try {
            // What speaks of other frames takes room too, much of it where files are tiny, and needs no rewriting.
            if (bytes < limit * packs.referableBytes(pack.id())) {
                rewritten.add(pack);
                neededBytes += bytes;
            }
        } catch (DamagedObjectException e) {
            damaged.add(String.valueOf(e.getMessage()));
        } catch (NoSuchObjectException e) {
            damaged.add(String.valueOf(e.getMessage()));
        }
    }
}
