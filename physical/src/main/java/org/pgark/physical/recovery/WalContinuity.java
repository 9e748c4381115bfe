package org.pgark.physical.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pgark.physical.ProgressListener;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalEnd;
import org.pgark.postgres.wal.WalReader;
import org.pgark.postgres.wal.WalSegmentMismatchException;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.care.CheckReport;
import org.pgark.repository.care.DamagedWal;
import org.pgark.repository.care.Depth;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.storage.NoSuchObjectException;

/**
 * Reads the WAL from backups to the ends of their windows record by record, along every timeline: the CRC of each record
 * and its link to the one before, across segments and forks. Not for several threads.
 */
public final class WalContinuity {
    private static final int CHUNK_BYTES = 256 << 10;

    private final RepositoryWal archive;
    private final ProgressListener progress;
    private final Map<WalSegmentName, BrokenWal> broken = new LinkedHashMap<>();
    private final Set<WalSegmentName> read = new HashSet<>();
    private final Set<String> histories = new TreeSet<>();
    private final byte[] chunk = new byte[CHUNK_BYTES];

    /** Reads from {@code archive}. */
    public WalContinuity(RepositoryWal archive, ProgressListener progress) {
        this.archive = archive;
        this.progress = progress;
    }

    /** What is wrong with the history files of the timelines along which was read. */
    public List<String> historyFaults() {
        return List.copyOf(histories);
    }

    /** How many segments were read. */
    public int segments() {
        return read.size();
    }

    /** Reads the WAL of all windows; returns the segments in which recovery would end too early. */
    public List<BrokenWal> check(List<BackupPoint> backups) throws IOException {
        progress.phase("reading WAL record by record");
        for (Timeline timeline : archive.timelines()) {
            archive.historyDamage(timeline).ifPresent(histories::add);
        }
        for (BackupPoint backup : backups) {
            archive.historyFault(backup).ifPresent(histories::add);
        }
        for (RecoveryWindow window : new RecoveryWindows(backups, archive).all()) {
            BackupPoint first = backups.stream()
                    .filter(backup -> backup.id().equals(window.firstBackup()))
                    .findFirst()
                    .orElseThrow();
            follow(WalPath.along(archive.history(window.timeline()), first, archive));
        }
        return List.copyOf(broken.values());
    }

    /** What another timeline's way has in common with this one is read once, but for the last segment of it. */
    private void follow(WalPath path) throws IOException {
        List<WalSegmentName> steps = path.archivedSteps();
        int from = 0;
        while (from + 1 < steps.size() && read.contains(steps.get(from)) && read.contains(steps.get(from + 1))) {
            from++;
        }
        WalReader reader = null;
        for (WalSegmentName segment : steps.subList(from, steps.size())) {
            reader = follow(segment, reader, segment.equals(steps.getLast()));
            if (read.add(segment)) {
                progress.advanced(archive.segmentSize().bytes());
            }
        }
    }

    /** Reads on into a segment; the reader for the next one, if this one does not end the WAL. */
    private @Nullable WalReader follow(WalSegmentName segment, @Nullable WalReader before, boolean isLast)
            throws IOException {
        WalReader reader = before == null ? new WalReader(segment.start(archive.segmentSize())) : before;
        Optional<String> reason = Optional.empty();
        try {
            archive.verify(segment);
            try (InputStream content = archive.open(segment)) {
                for (int size = content.readNBytes(chunk, 0, chunk.length);
                        size > 0 && !reader.hasEnded();
                        size = content.readNBytes(chunk, 0, chunk.length)) {
                    reader.feed(ByteBuffer.wrap(chunk, 0, size));
                    boolean more = reader.next();
                    while (more) {
                        more = reader.next();
                    }
                }
            }
            WalEnd end = archive.facts(segment).end();
            if (reader.hasEnded() && !(isLast && !end.continues())) {
                reason = Optional.of(
                        "WAL segment \"" + segment + "\": " + reader.end().describe());
            }
        } catch (NoSuchObjectException e) {
            archive.checkPresence();
            reason = Optional.of(String.valueOf(e.getMessage()));
        } catch (DamagedObjectException | WalSegmentMismatchException e) {
            reason = Optional.of(String.valueOf(e.getMessage()));
        }
        reason.ifPresent(text -> broken.putIfAbsent(segment, new BrokenWal(segment, text)));
        return reason.isPresent() ? null : reader;
    }

    /** The windows that are left without the segments that are broken. */
    public List<RecoveryWindow> windows(List<BackupPoint> sound) throws IOException {
        return new RecoveryWindows(sound, new SoundWal(archive, broken.keySet())).all();
    }

    /** What the log is to remember; {@code known} is what it says so far. */
    public CheckReport report(DamagedWal known) {
        Map<WalSegmentName, DamagedWal.Finding> found = new HashMap<>();
        broken.forEach((segment, one) -> found.put(segment, new DamagedWal.Finding(Depth.RECORDS, one.reason())));
        return CheckReport.ofWal(new CheckReport.Wal(
                Depth.RECORDS,
                new DamagedWal(found),
                known.segments().keySet().stream()
                        .filter(segment -> read.contains(segment) && !broken.containsKey(segment))
                        .toList()));
    }

    /** The segments that were found broken, as of now. */
    public List<BrokenWal> broken() {
        return new ArrayList<>(broken.values());
    }
}
