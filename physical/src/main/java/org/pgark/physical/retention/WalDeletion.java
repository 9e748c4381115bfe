package org.pgark.physical.retention;

import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pgark.physical.ProgressListener;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.archive.ArchivedFile;
import org.pgark.repository.archive.WalArchive;
import org.pgark.storage.LockedObjectException;

/** Deletes WAL that nobody counts on, many files at once, and counts what is locked. */
final class WalDeletion {
    private static final int MOST_AT_ONCE = 1000;

    private final ProgressListener progress;
    private long left;
    private Optional<Instant> from = Optional.empty();

    WalDeletion(ProgressListener progress) {
        this.progress = progress;
    }

    ExpiryPlan.Locked locked() {
        return new ExpiryPlan.Locked(left, from);
    }

    /** Deletes files of an archive, those of each timeline in ascending order. */
    void delete(WalArchive archive, List<ArchivedFile> files) throws IOException {
        Collection<List<ArchivedFile>> timelines = files.stream()
                .collect(Collectors.groupingBy(file -> file.name().timeline(), LinkedHashMap::new, Collectors.toList()))
                .values();
        for (List<ArchivedFile> ofOne : timelines) {
            deleteUpToLocks(archive, ofOne);
        }
    }

    /**
     * What was archived after a file that is locked is locked too: so first few are tried, then more and more, and after one
     * that is locked none.
     */
    private void deleteUpToLocks(WalArchive archive, List<ArchivedFile> files) throws IOException {
        int begin = 0;
        for (int count = 1; begin < files.size(); count = Math.min(MOST_AT_ONCE, count * 2)) {
            int end = Math.min(files.size(), begin + count);
            List<ArchivedFile> next = files.subList(begin, end);
            Map<WalFileName, LockedObjectException> locked =
                    archive.delete(next.stream().map(ArchivedFile::name).toList());
            for (ArchivedFile file : next) {
                LockedObjectException why = locked.get(file.name());
                if (why == null) {
                    progress.advanced(file.storedBytes());
                } else {
                    left++;
                    from = Stream.concat(from.stream(), why.until().stream()).min(Comparator.naturalOrder());
                }
            }
            begin = end;
            if (!locked.isEmpty()) {
                left += files.size() - end;
                return;
            }
        }
    }
}
