package org.pgark.postgres.wal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.pgark.postgres.Lsn;

/** Keeps what a {@link WalChanges} tells as PostgreSQL's summaries keep it: a limit and a set of blocks per fork. */
final class RecordedChanges implements WalChangeVisitor {
    /** A fork of a relation. */
    record ForkId(long tablespace, long database, long relation, int fork) implements Comparable<ForkId> {
        @Override
        public int compareTo(ForkId other) {
            return toString().compareTo(other.toString());
        }
    }

    /** What became of one. */
    static final class ForkChanges {
        long limit = Long.MAX_VALUE;
        final TreeSet<Long> blocks = new TreeSet<>();

        private void limit(long newLimit) {
            if (newLimit < limit) {
                limit = newLimit;
                blocks.tailSet(newLimit).clear();
            }
        }
    }

    private static final int FORKS = 4;

    final Map<ForkId, ForkChanges> forks = new TreeMap<>();
    final Set<ForkId> databases = new HashSet<>();
    final List<WalChange> events = new ArrayList<>();

    @Override
    public void blockChanged(int tablespace, int database, int relation, int fork, int block) {
        of(tablespace, database, relation, fork).blocks.add(Integer.toUnsignedLong(block));
    }

    @Override
    public void changed(Lsn at, WalChange change) {
        events.add(change);
        switch (change) {
            case WalChange.ForkCreated made ->
                of(made.tablespace(), made.database(), made.relation(), made.fork())
                        .limit(0);
            case WalChange.ForkTruncated cut ->
                of(cut.tablespace(), cut.database(), cut.relation(), cut.fork())
                        .limit(Integer.toUnsignedLong(cut.limit()));
            case WalChange.RelationDropped dropped -> {
                for (int fork = 0; fork < FORKS; fork++) {
                    of(dropped.tablespace(), dropped.database(), dropped.relation(), fork)
                            .limit(0);
                }
            }
            case WalChange.DatabaseCreated made -> wholly(made.tablespace(), made.database());
            case WalChange.DatabaseDropped dropped -> wholly(dropped.tablespace(), dropped.database());
            case WalChange.WalLevelStated _,
                    WalChange.RedoPoint _,
                    WalChange.CheckpointDone _,
                    WalChange.RecoveryEnded _,
                    WalChange.RecordOverwritten _,
                    WalChange.UnknownChange _ -> {}
        }
    }

    private ForkChanges of(int tablespace, int database, int relation, int fork) {
        return forks.computeIfAbsent(id(tablespace, database, relation, fork), _ -> new ForkChanges());
    }

    private void wholly(int tablespace, int database) {
        databases.add(id(tablespace, database, 0, 0));
    }

    private static ForkId id(int tablespace, int database, int relation, int fork) {
        return new ForkId(
                Integer.toUnsignedLong(tablespace),
                Integer.toUnsignedLong(database),
                Integer.toUnsignedLong(relation),
                fork);
    }

    /** The events of one kind. */
    <T extends WalChange> List<T> events(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The lowest limit of a fork, {@link Long#MAX_VALUE} if there is none. */
    long limit(ForkId fork) {
        ForkChanges changes = forks.get(fork);
        return changes == null ? Long.MAX_VALUE : changes.limit;
    }

    /** Whether a page of an earlier copy may differ from the present one, by what was told. */
    boolean mayDiffer(long tablespace, long database, long relation, int fork, long block) {
        if (databases.contains(new ForkId(tablespace, database, 0, 0))) {
            return true;
        }
        ForkChanges changes = forks.get(new ForkId(tablespace, database, relation, fork));
        return changes != null && (block >= changes.limit || changes.blocks.contains(block));
    }
}
