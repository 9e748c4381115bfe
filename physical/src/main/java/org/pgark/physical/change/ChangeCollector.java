package org.pgark.physical.change;

import java.util.Optional;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.control.WalLevel;
import org.pgark.postgres.datadir.Fork;
import org.pgark.postgres.wal.WalChange;
import org.pgark.postgres.wal.WalChangeVisitor;

/** Puts into a change map what records say. */
final class ChangeCollector implements WalChangeVisitor {
    private final ChangeMap changes;
    private Optional<String> unknown = Optional.empty();

    /** Puts them into a new one. */
    ChangeCollector() {
        this(new ChangeMap());
    }

    ChangeCollector(ChangeMap changes) {
        this.changes = changes;
    }

    /** What was collected; all of it only if nothing is {@linkplain #unknown}. */
    ChangeMap changes() {
        return changes;
    }

    /** Why it cannot be told what changed; empty if it can. */
    Optional<String> unknown() {
        return unknown;
    }

    @Override
    public void blockChanged(int tablespace, int database, int relation, int fork, int block) {
        if (!isFork(fork)) {
            unknown = Optional.of("there is a WAL record of a page in fork " + fork);
            return;
        }
        Fork changed = Fork.ofNumber(fork);
        if (changed == Fork.MAIN || changed == Fork.INIT) {
            changes.addBlock(tablespace, database, relation, changed, block);
        }
    }

    private static boolean isFork(int number) {
        return number >= Fork.MAIN.number() && number <= Fork.INIT.number();
    }

    private void addLimit(Lsn at, int tablespace, int database, int relation, int fork, int limit) {
        if (!isFork(fork)) {
            unknown = Optional.of("the WAL record at " + at + " is of fork " + fork);
        } else {
            changes.addLimit(tablespace, database, relation, Fork.ofNumber(fork), limit);
        }
    }

    @Override
    public void changed(Lsn at, WalChange change) {
        switch (change) {
            case WalChange.ForkCreated(int tablespace, int database, int relation, int fork) ->
                addLimit(at, tablespace, database, relation, fork, 0);
            case WalChange.ForkTruncated(int tablespace, int database, int relation, int fork, int limit) ->
                addLimit(at, tablespace, database, relation, fork, limit);
            case WalChange.RelationDropped(int tablespace, int database, int relation) -> {
                changes.addLimit(tablespace, database, relation, Fork.MAIN, 0);
                changes.addLimit(tablespace, database, relation, Fork.INIT, 0);
            }
            case WalChange.DatabaseCreated created -> changes.addDatabase(created.tablespace(), created.database());
            case WalChange.DatabaseDropped dropped -> changes.addDatabase(dropped.tablespace(), dropped.database());
            case WalChange.WalLevelStated(WalLevel level) -> {
                if (level == WalLevel.MINIMAL) {
                    unknown = Optional.of("wal_level was minimal at " + at);
                }
            }
            case WalChange.UnknownChange record ->
                unknown = Optional.of("the WAL record at " + at + " (resource manager " + record.resourceManager()
                        + ", info " + record.info() + ") is of an unknown kind");
            case WalChange.RedoPoint _,
                    WalChange.CheckpointDone _,
                    WalChange.RecoveryEnded _,
                    WalChange.RecordOverwritten _ -> {}
        }
    }
}
