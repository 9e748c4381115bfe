package org.pgark.physical.several;

import java.io.IOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.archive.ArchivedContent;
import org.pgark.repository.archive.ArchivedFile;
import org.pgark.repository.archive.WalArchive;
import org.pgark.repository.frame.DamagedObjectException;

/**
 * Finds out whether two archives go on from the same WAL. After a server was put back to an older state one of them may have
 * segments of its first history, and what comes behind those of the second must not get there, even where its own name is
 * free: the newest segment that both have tells.
 */
final class CommonHistory {
    private CommonHistory() {}

    /** The newest segment of a timeline that both have, if its content differs. */
    static Optional<WalFileName> conflict(WalArchive one, WalArchive other, Timeline timeline) throws IOException {
        Set<WalFileName> theirs = new HashSet<>(segments(other, timeline));
        List<WalFileName> common = segments(one, timeline).stream()
                .filter(theirs::contains)
                .sorted(Comparator.comparing(WalFileName::toString).reversed())
                .toList();
        for (WalFileName name : common) {
            Optional<Boolean> same = isSame(one, other, name);
            if (same.isPresent()) {
                return same.get() ? Optional.empty() : Optional.of(name);
            }
        }
        return Optional.empty();
    }

    /** Empty if one of them cannot say, so that an older segment has to. */
    private static Optional<Boolean> isSame(WalArchive one, WalArchive other, WalFileName name) throws IOException {
        try {
            Optional<String> here = one.content(name).map(ArchivedContent::sha256);
            Optional<String> there = other.content(name).map(ArchivedContent::sha256);
            return here.isPresent() && there.isPresent() ? Optional.of(here.equals(there)) : Optional.empty();
        } catch (DamagedObjectException e) {
            return Optional.empty();
        }
    }

    private static List<WalFileName> segments(WalArchive archive, Timeline timeline) throws IOException {
        return archive.list(timeline).stream()
                .map(ArchivedFile::name)
                .filter(WalFileName.Segment.class::isInstance)
                .toList();
    }
}
