package org.pgark.physical.change;

import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.pgark.postgres.datadir.Fork;
import org.pgark.postgres.datadir.RelationPath;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * Which blocks of which relations may have changed. What it says of main and init forks can be relied upon; free-space
 * and visibility maps are changed without WAL and always count as changed.
 *
 * <p>Filled by one thread, then read by any.
 */
public final class ChangeMap {
    /** The most relations that are kept apart; with more, all count as changed. */
    private static final int MOST_RELATIONS = 150_000;

    private final Map<RelationFork, Changes> relations = new HashMap<>();
    private final Set<Database> databases = new HashSet<>();
    private final int mostRelations;
    private boolean everything;

    /** With nothing in it. */
    public ChangeMap() {
        this(MOST_RELATIONS);
    }

    /** @param mostRelations the most that are kept apart; with more, all count as changed */
    ChangeMap(int mostRelations) {
        this.mostRelations = mostRelations;
    }

    record RelationFork(int tablespace, int database, int relation, Fork fork) {}

    record Database(int tablespace, int database) {}

    /** Blocks of one fork, and from where on all count as changed. */
    static final class Changes {
        /** No block has this number. */
        static final long UNLIMITED = 1L << 32;

        private final RoaringBitmap blocks = new RoaringBitmap();
        private long limit = UNLIMITED;

        /** The blocks, to be read as unsigned and in that order; not to be changed. */
        RoaringBitmap blocks() {
            return blocks;
        }

        long limit() {
            return limit;
        }
    }

    /** A block changed; numbers are unsigned. */
    public void addBlock(int tablespace, int database, int relation, Fork fork, int block) {
        Changes changes = changes(tablespace, database, relation, fork);
        if (changes != null) {
            changes.blocks.add(block);
        }
    }

    /** Blocks changed, from {@code first} up to the one before {@code end}. */
    void addBlocks(int tablespace, int database, int relation, Fork fork, long first, long end) {
        Changes changes = changes(tablespace, database, relation, fork);
        if (changes != null) {
            changes.blocks.add(first, end);
        }
    }

    /** What changed as another one says too. */
    void addAll(ChangeMap other) {
        if (other.everything) {
            everything = true;
            relations.clear();
        }
        databases.addAll(other.databases);
        other.relations.forEach((key, from) -> {
            Changes changes = changes(key.tablespace, key.database, key.relation, key.fork);
            if (changes != null) {
                changes.blocks.or(from.blocks);
                changes.limit = Math.min(changes.limit, from.limit);
            }
        });
    }

    /** Whether all counts as changed, because more relations did than are kept apart. */
    boolean isEverything() {
        return everything;
    }

    /** What changed in which relations; not to be changed. */
    Map<RelationFork, Changes> relations() {
        return Collections.unmodifiableMap(relations);
    }

    /** The databases all of whose files count as changed. */
    Set<Database> databases() {
        return Collections.unmodifiableSet(databases);
    }

    /** A fork was created, dropped or cut: all blocks from {@code block} on count as changed. */
    public void addLimit(int tablespace, int database, int relation, Fork fork, int block) {
        Changes changes = changes(tablespace, database, relation, fork);
        if (changes != null) {
            changes.limit = Math.min(changes.limit, Integer.toUnsignedLong(block));
        }
    }

    private @org.jspecify.annotations.Nullable Changes changes(int tablespace, int database, int relation, Fork fork) {
        if (everything || fork == Fork.FREE_SPACE_MAP || fork == Fork.VISIBILITY_MAP) {
            return null;
        }
        RelationFork key = new RelationFork(tablespace, database, relation, fork);
        Changes changes = relations.get(key);
        if (changes == null) {
            if (relations.size() >= mostRelations) {
                everything = true;
                relations.clear();
                return null;
            }
            changes = new Changes();
            relations.put(key, changes);
        }
        return changes;
    }

    /** All files of a database in a tablespace count as changed, for example because the database was created. */
    public void addDatabase(int tablespace, int database) {
        databases.add(new Database(tablespace, database));
    }

    /** Whether some of a file may have been cut off since, whatever it has there now. */
    public boolean isCut(RelationPath path, int segmentBlocks) {
        if (everything || databases.contains(new Database(path.tablespace(), path.database()))) {
            return true;
        }
        Changes changes = relations.get(new RelationFork(
                path.tablespace(),
                path.database(),
                path.file().relation(),
                path.file().fork()));
        return changes != null && changes.limit < (path.file().segment() + 1L) * segmentBlocks;
    }

    /** What may have changed in a file. */
    public FileChanges of(RelationPath path, int segmentBlocks) {
        Fork fork = path.file().fork();
        if (everything
                || fork == Fork.FREE_SPACE_MAP
                || fork == Fork.VISIBILITY_MAP
                || databases.contains(new Database(path.tablespace(), path.database()))) {
            return new FileChanges.Everything();
        }
        Changes changes = relations.get(
                new RelationFork(path.tablespace(), path.database(), path.file().relation(), fork));
        BitSet pages = new BitSet();
        if (changes == null) {
            return new FileChanges.Pages(pages);
        }
        long first = (long) path.file().segment() * segmentBlocks;
        if (changes.limit <= first) {
            return new FileChanges.Everything();
        }
        IntIterator blocks = changes.blocks.getIntIterator();
        ((org.roaringbitmap.PeekableIntIterator) blocks).advanceIfNeeded((int) first);
        while (blocks.hasNext()) {
            long block = Integer.toUnsignedLong(blocks.next());
            if (block >= first + segmentBlocks) {
                break;
            }
            pages.set((int) (block - first));
        }
        if (changes.limit < first + segmentBlocks) {
            pages.set((int) (changes.limit - first), segmentBlocks);
        }
        return new FileChanges.Pages(pages);
    }
}
