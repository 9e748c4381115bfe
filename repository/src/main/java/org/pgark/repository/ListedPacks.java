package org.pgark.repository;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.pgark.repository.collect.MarkedPacks;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.log.NumberedLog;
import org.pgark.repository.pack.PackSummary;

/** The lists of packs that stand in the entries of a cluster's log. For several threads. */
final class ListedPacks {
    private final NumberedLog<ClusterState> log;
    private final Map<Long, MarkedPacks> marks = new ConcurrentHashMap<>();

    ListedPacks(NumberedLog<ClusterState> log) {
        this.log = log;
    }

    /** The packs of a mark. */
    MarkedPacks marked(ClusterState.Mark mark) throws IOException {
        MarkedPacks known = marks.get(mark.entry());
        if (known != null) {
            return known;
        }
        try {
            MarkedPacks read = MarkedPacks.decode(log.packList(mark.entry()));
            marks.put(mark.entry(), read);
            return read;
        } catch (MalformedBytesException e) {
            throw new DamagedObjectException(log.name(mark.entry()), String.valueOf(e.getMessage()));
        }
    }

    /** Where frames of packs stand that were rewritten: in one other pack each. */
    Map<ObjectId, ObjectId> moves() throws IOException {
        ClusterState state = log.head().state();
        Set<Long> current = new HashSet<>(
                state.marks().stream().map(ClusterState.Mark::entry).toList());
        marks.keySet().retainAll(current);
        Map<ObjectId, ObjectId> moves = new HashMap<>();
        for (ClusterState.Mark mark : state.marks()) {
            marked(mark).moves().forEach((pack, to) -> moves.put(pack, to.id()));
        }
        return moves;
    }

    /** The packs that a backup lists, as the marks since it was begun have changed them. */
    List<PackSummary> packs(ClusterState.Committed backup, ClusterState state) throws IOException {
        return packs(backup, state, Long.MAX_VALUE);
    }

    /** The same, as the log was when entry {@code until} was written. */
    List<PackSummary> packs(ClusterState.Committed backup, ClusterState state, long until) throws IOException {
        Map<ObjectId, PackSummary> packs = new LinkedHashMap<>();
        try {
            PackList.decode(log.packList(backup.entry())).forEach(pack -> packs.put(pack.id(), pack));
        } catch (MalformedBytesException e) {
            throw new DamagedObjectException(log.name(backup.entry()), String.valueOf(e.getMessage()));
        }
        for (ClusterState.Mark mark : state.marks()) {
            if (mark.entry() > backup.since() && mark.entry() < until) {
                MarkedPacks marked = marked(mark);
                marked.dead().forEach(pack -> packs.remove(pack.id()));
                marked.moves().forEach((pack, to) -> {
                    if (packs.remove(pack) != null) {
                        packs.put(to.id(), to);
                    }
                });
            }
        }
        return List.copyOf(packs.values());
    }
}
