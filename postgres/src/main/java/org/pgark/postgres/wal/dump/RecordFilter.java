package org.pgark.postgres.wal.dump;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.pgark.postgres.wal.WalBlocks;
import org.pgark.postgres.wal.WalRecord;

/**
 * Which records are shown: those that fulfil all that is asked for. Numbers are to be read as unsigned.
 *
 * @param managers resource managers; empty for all
 * @param transaction the transaction that wrote it
 * @param relation a relation of which it names a page
 * @param block the number of that page
 * @param fork the fork of that page
 * @param onlyWithImage whether it must carry the image of a page
 */
public record RecordFilter(
        Set<Integer> managers,
        OptionalInt transaction,
        Optional<Relation> relation,
        OptionalInt block,
        OptionalInt fork,
        boolean onlyWithImage) {
    /** A relation by its numbers. */
    public record Relation(int tablespace, int database, int number) {}

    public RecordFilter {
        managers = Set.copyOf(managers);
    }

    /** Whether the record is to be shown. */
    public boolean accepts(WalRecord record) {
        return (managers.isEmpty() || managers.contains(record.resourceManager()))
                && (transaction.isEmpty() || transaction.getAsInt() == record.transactionId())
                && acceptsPages(record.blocks())
                && (!onlyWithImage || hasImage(record.blocks()));
    }

    private boolean acceptsPages(WalBlocks blocks) {
        if (relation.isEmpty() && block.isEmpty() && fork.isEmpty()) {
            return true;
        }
        for (int i = 0; i < blocks.count(); i++) {
            if ((fork.isEmpty() || fork.getAsInt() == blocks.fork(i))
                    && (block.isEmpty() || block.getAsInt() == blocks.number(i))
                    && (relation.isEmpty() || isOf(relation.get(), blocks, i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOf(Relation wanted, WalBlocks blocks, int i) {
        return wanted.tablespace == blocks.tablespace(i)
                && wanted.database == blocks.database(i)
                && wanted.number == blocks.relation(i);
    }

    private static boolean hasImage(WalBlocks blocks) {
        for (int i = 0; i < blocks.count(); i++) {
            if (blocks.hasImage(i)) {
                return true;
            }
        }
        return false;
    }
}
