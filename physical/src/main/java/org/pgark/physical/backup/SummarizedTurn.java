package org.pgark.physical.backup;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.pgark.physical.change.ChangeMap;
import org.pgark.physical.change.FileChanges;
import org.pgark.postgres.datadir.RelationPath;
import org.pgark.repository.content.ContentHasher;
import org.pgark.repository.manifest.ManifestEntry;

/**
 * The files whose turn it is to come as a whole, beside what the server's WAL summaries say of them: each page that they do
 * not name should be as the base has it. The set is filled before it is asked.
 */
final class SummarizedTurn {
    private final Set<String> files = new HashSet<>();
    private final Set<Integer> relations = new HashSet<>();
    private final int relationSegmentBlocks;
    private Optional<ChangeMap> changes = Optional.empty();

    /** @param relationSegmentBlocks pages of a relation's file before the next one begins */
    SummarizedTurn(int relationSegmentBlocks) {
        this.relationSegmentBlocks = relationSegmentBlocks;
    }

    /** Takes up a file of a relation. */
    void add(String path) {
        files.add(path);
        RelationPath.parse(path)
                .ifPresent(relation -> relations.add(relation.file().relation()));
    }

    /** The numbers of their relations. */
    Set<Integer> relations() {
        return Set.copyOf(relations);
    }

    /** Is told what changed in their relations. */
    void changed(ChangeMap known) {
        changes = Optional.of(known);
    }

    /** Which pages of a file are to be looked at; empty if it is none of these, or anything may have changed in it. */
    Optional<Reading> reading(long size, ManifestEntry.File before) {
        if (changes.isEmpty() || !files.contains(before.path()) || before.size() % ContentHasher.UNIT != 0) {
            return Optional.empty();
        }
        return RelationPath.parse(before.path())
                .flatMap(path -> switch (changes.get().of(path, relationSegmentBlocks)) {
                    case FileChanges.Everything _ -> Optional.empty();
                    case FileChanges.Pages(BitSet changed) -> Optional.of(reading(size, before, changed));
                });
    }

    private static Reading reading(long size, ManifestEntry.File before, BitSet changed) {
        BitSet all = new BitSet();
        all.set(0, pages(size));
        BitSet expectedSame = new BitSet();
        expectedSame.set(0, Math.min(pages(size), pages(before.size())));
        expectedSame.andNot(changed);
        return new Reading(all, expectedSame);
    }

    private static int pages(long bytes) {
        return Math.toIntExact((bytes + ContentHasher.UNIT - 1) / ContentHasher.UNIT);
    }
}
