package org.pgark.physical.backup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.pgark.physical.ProgressListener;
import org.pgark.postgres.datadir.RelationPath;

/** The damaged pages of a backup: all are counted, the first thousand are named. */
final class DamageReport {
    private static final int NAMED = 1000;

    private final Function<RelationPath, Optional<String>> names;
    private final int relationSegmentBlocks;
    private final ProgressListener progress;
    private final List<DamagedPage> pages = new ArrayList<>();
    private long count;

    /** @param names tells what a relation is called, if it can be found out */
    DamageReport(Function<RelationPath, Optional<String>> names, int relationSegmentBlocks, ProgressListener progress) {
        this.names = names;
        this.relationSegmentBlocks = relationSegmentBlocks;
        this.progress = progress;
    }

    /** Adds the damaged pages of one file. */
    void add(String path, List<PageDamage> damages) {
        if (damages.isEmpty()) {
            return;
        }
        count += damages.size();
        Optional<RelationPath> relation = RelationPath.parse(path);
        long firstBlock = relation.map(file -> (long) file.file().segment() * relationSegmentBlocks)
                .orElse(0L);
        Optional<String> name = pages.size() < NAMED ? relation.flatMap(names) : Optional.empty();
        for (PageDamage damage : damages) {
            if (pages.size() == NAMED) {
                break;
            }
            DamagedPage page = new DamagedPage(path, firstBlock + damage.page(), damage.lsn(), name);
            pages.add(page);
            progress.warning("damaged page: " + page);
        }
    }

    /** The damaged pages that are named. */
    List<DamagedPage> pages() {
        return List.copyOf(pages);
    }

    /** How many damaged pages there are. */
    long count() {
        return count;
    }
}
