package org.pgark.postgres.wal;

import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.control.WalLevel;

/**
 * Tells a visitor what records change: the pages of every record, whatever resource manager wrote it, and what the few
 * kinds of record do to files of relations that name no pages. Makes no objects for pages.
 *
 * <p>What counts follows the summarizer of PostgreSQL 17 (postmaster/walsummarizer.c); the layouts are those of
 * catalog/storage_xlog.h, commands/dbcommands_xlog.h, access/xlog_internal.h and catalog/pg_control.h.
 */
public final class WalChanges {
    private static final WalLevel[] LEVELS = WalLevel.values();

    private static final int SPECIAL_RELATION_UPDATE = 0x01;

    private static final int RELATION_BYTES = 12;
    private static final int MAIN_FORK = 0;
    private static final int FREE_SPACE_MAP = 1;
    private static final int VISIBILITY_MAP = 2;
    private static final int LAST_FORK = 3;

    private static final int FORK_CREATE = 0x10;
    private static final int FORK_TRUNCATE = 0x20;
    private static final int TRUNCATE_MAIN = 1;
    private static final int TRUNCATE_VISIBILITY_MAP = 2;
    private static final int TRUNCATE_FREE_SPACE_MAP = 4;
    private static final int PAGE_HEADER_BYTES = 24;
    private static final int HEAP_BLOCKS_PER_MAP_BYTE = 4;

    private static final int DATABASE_COPY = 0x00;
    private static final int DATABASE_LOGGED_FROM_15 = 0x10;
    private static final int DATABASE_DROP_TO_14 = 0x10;
    private static final int DATABASE_DROP_FROM_15 = 0x20;

    private static final int CHECKPOINT_SHUTDOWN = 0x00;
    private static final int CHECKPOINT_ONLINE = 0x10;
    private static final int PARAMETER_CHANGE = 0x60;
    private static final int END_OF_RECOVERY = 0x90;
    private static final int OVERWRITE = 0xD0;
    private static final int CHECKPOINT_REDO = 0xE0;

    private static final int CHECKPOINT_TIMELINE = 8;
    private static final int CHECKPOINT_WAL_LEVEL = 20;
    private static final int PARAMETER_WAL_LEVEL = 20;
    private static final int RECOVERY_TIMELINE = 8;
    private static final int RECOVERY_PREVIOUS_TIMELINE = 12;
    private static final int RECOVERY_WAL_LEVEL = 16;

    private final PostgresMajor major;
    private final int heapBlocksPerMapPage;
    private final WalChangeVisitor visitor;

    /**
     * @param major the version that wrote the records
     * @param pageBytes the size of the cluster's pages, see {@link org.pgark.postgres.control.ControlFile#blockSize}
     * @param visitor is told
     */
    public WalChanges(PostgresMajor major, int pageBytes, WalChangeVisitor visitor) {
        this.major = major;
        this.heapBlocksPerMapPage = (pageBytes - PAGE_HEADER_BYTES) * HEAP_BLOCKS_PER_MAP_BYTE;
        this.visitor = visitor;
    }

    /** Tells what this record changes: first its pages, then what else. */
    public void read(WalRecord record) {
        WalBlocks blocks = record.blocks();
        for (int index = 0; index < blocks.count(); index++) {
            visitor.blockChanged(
                    blocks.tablespace(index),
                    blocks.database(index),
                    blocks.relation(index),
                    blocks.fork(index),
                    blocks.number(index));
        }
        boolean understood = switch (record.resourceManager()) {
            case ResourceManager.XLOG -> readLog(record);
            case ResourceManager.TRANSACTION -> readTransaction(record);
            case ResourceManager.STORAGE -> readStorage(record);
            case ResourceManager.DATABASE -> readDatabase(record);
            default -> isPlain(record);
        };
        if (!understood) {
            tell(record, new WalChange.UnknownChange(record.resourceManager(), record.info()));
        }
    }

    private static boolean isPlain(WalRecord record) {
        return (record.info() & SPECIAL_RELATION_UPDATE) == 0;
    }

    private void tell(WalRecord record, WalChange change) {
        visitor.changed(record.start(), change);
    }

    private boolean readStorage(WalRecord record) {
        return switch (record.kind()) {
            case FORK_CREATE -> readForkCreate(record);
            case FORK_TRUNCATE -> readForkTruncate(record);
            default -> false;
        };
    }

    private boolean readForkCreate(WalRecord record) {
        if (record.mainDataBytes() < RELATION_BYTES + Integer.BYTES
                || record.mainDataInt(RELATION_BYTES) < MAIN_FORK
                || record.mainDataInt(RELATION_BYTES) > LAST_FORK) {
            return false;
        }
        tell(
                record,
                new WalChange.ForkCreated(
                        record.mainDataInt(0),
                        record.mainDataInt(4),
                        record.mainDataInt(8),
                        record.mainDataInt(RELATION_BYTES)));
        return true;
    }

    private boolean readForkTruncate(WalRecord record) {
        if (record.mainDataBytes() < Integer.BYTES + RELATION_BYTES + Integer.BYTES) {
            return false;
        }
        int blocks = record.mainDataInt(0);
        int flags = record.mainDataInt(Integer.BYTES + RELATION_BYTES);
        if ((flags & TRUNCATE_MAIN) != 0) {
            tellTruncated(record, MAIN_FORK, blocks);
        }
        if ((flags & TRUNCATE_VISIBILITY_MAP) != 0) {
            tellTruncated(record, VISIBILITY_MAP, Integer.divideUnsigned(blocks, heapBlocksPerMapPage));
        }
        if ((flags & TRUNCATE_FREE_SPACE_MAP) != 0) {
            tellTruncated(record, FREE_SPACE_MAP, 0);
        }
        return true;
    }

    private void tellTruncated(WalRecord record, int fork, int limit) {
        tell(
                record,
                new WalChange.ForkTruncated(
                        record.mainDataInt(4), record.mainDataInt(8), record.mainDataInt(12), fork, limit));
    }

    private boolean readDatabase(WalRecord record) {
        boolean to14 = major.compareTo(PostgresMajor.V15) < 0;
        int kind = record.kind();
        if (kind == (to14 ? DATABASE_DROP_TO_14 : DATABASE_DROP_FROM_15)) {
            return readDatabaseDrop(record);
        }
        boolean copied = kind == DATABASE_COPY;
        if ((!copied && (to14 || kind != DATABASE_LOGGED_FROM_15)) || record.mainDataBytes() < 2 * Integer.BYTES) {
            return false;
        }
        tell(record, new WalChange.DatabaseCreated(record.mainDataInt(4), record.mainDataInt(0), copied));
        return true;
    }

    private boolean readDatabaseDrop(WalRecord record) {
        if (record.mainDataBytes() < 2 * Integer.BYTES) {
            return false;
        }
        int count = record.mainDataInt(4);
        if (count < 0 || count > record.mainDataBytes() / Integer.BYTES - 2) {
            return false;
        }
        for (int index = 0; index < count; index++) {
            tell(
                    record,
                    new WalChange.DatabaseDropped(
                            record.mainDataInt((index + 2) * Integer.BYTES), record.mainDataInt(0)));
        }
        return true;
    }

    private boolean readTransaction(WalRecord record) {
        if (!TransactionRecords.endsTransaction(record)) {
            return isPlain(record);
        }
        int count = TransactionRecords.droppedRelations(record);
        long at = TransactionRecords.droppedRelationsOffset(record);
        if (count < 0) {
            return false;
        }
        for (int index = 0; index < count; index++) {
            int relation = (int) at + index * RELATION_BYTES;
            tell(
                    record,
                    new WalChange.RelationDropped(
                            record.mainDataInt(relation),
                            record.mainDataInt(relation + 4),
                            record.mainDataInt(relation + 8)));
        }
        return true;
    }

    private boolean readLog(WalRecord record) {
        boolean statesLevel = major.compareTo(PostgresMajor.V17) >= 0;
        return switch (record.kind()) {
            case CHECKPOINT_SHUTDOWN -> readCheckpoint(record, true, statesLevel);
            case CHECKPOINT_ONLINE -> readCheckpoint(record, false, statesLevel);
            case PARAMETER_CHANGE -> tellLevel(record, PARAMETER_WAL_LEVEL);
            case END_OF_RECOVERY -> readEndOfRecovery(record, statesLevel);
            case OVERWRITE -> readOverwrite(record);
            case CHECKPOINT_REDO -> {
                tell(record, new WalChange.RedoPoint());
                yield tellLevel(record, 0);
            }
            default -> isPlain(record);
        };
    }

    private boolean readCheckpoint(WalRecord record, boolean shutdown, boolean statesLevel) {
        if (record.mainDataBytes() < CHECKPOINT_TIMELINE + Integer.BYTES
                || record.mainDataInt(CHECKPOINT_TIMELINE) <= 0) {
            return false;
        }
        if (shutdown) {
            tell(record, new WalChange.RedoPoint());
        }
        tell(
                record,
                new WalChange.CheckpointDone(
                        new Lsn(record.mainDataLong(0)),
                        new Timeline(record.mainDataInt(CHECKPOINT_TIMELINE)),
                        shutdown));
        return !statesLevel || tellLevel(record, CHECKPOINT_WAL_LEVEL);
    }

    private boolean readEndOfRecovery(WalRecord record, boolean statesLevel) {
        if (record.mainDataBytes() < RECOVERY_PREVIOUS_TIMELINE + Integer.BYTES
                || record.mainDataInt(RECOVERY_TIMELINE) <= 0
                || record.mainDataInt(RECOVERY_PREVIOUS_TIMELINE) <= 0) {
            return false;
        }
        tell(
                record,
                new WalChange.RecoveryEnded(
                        new Timeline(record.mainDataInt(RECOVERY_TIMELINE)),
                        new Timeline(record.mainDataInt(RECOVERY_PREVIOUS_TIMELINE))));
        return !statesLevel || tellLevel(record, RECOVERY_WAL_LEVEL);
    }

    private boolean readOverwrite(WalRecord record) {
        if (record.mainDataBytes() < Long.BYTES) {
            return false;
        }
        tell(record, new WalChange.RecordOverwritten(new Lsn(record.mainDataLong(0))));
        return true;
    }

    private boolean tellLevel(WalRecord record, int at) {
        if (record.mainDataBytes() < at + Integer.BYTES) {
            return false;
        }
        int level = record.mainDataInt(at);
        if (level < 0 || level >= LEVELS.length) {
            return false;
        }
        tell(record, new WalChange.WalLevelStated(LEVELS[level]));
        return true;
    }
}
