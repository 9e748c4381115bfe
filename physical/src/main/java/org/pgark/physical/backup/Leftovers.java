package org.pgark.physical.backup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.pgark.physical.ProgressListener;
import org.pgark.repository.content.ContentHasher;
import org.pgark.repository.content.FrameContents;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FramePart;
import org.pgark.repository.pack.PackContentsCache;
import org.pgark.repository.pack.PackSummary;

/**
 * What a backup that was interrupted left in the repository: packs that no backup needs. Pages of them that are as they
 * are now need not be stored again. Filled by one thread, then for several.
 */
final class Leftovers {
    /** Nothing. */
    static final Leftovers NONE = new Leftovers(List.of());

    /** The most runs that are remembered; some hundred bytes each. */
    private static final int MOST_RUNS = 400_000;

    private final List<PackSummary> packs;
    private final Set<ObjectId> ids;
    private final Map<String, List<Run>> runs = new HashMap<>();
    private final Set<ObjectId> used = ConcurrentHashMap.newKeySet();
    private final AtomicLong savedBytes = new AtomicLong();
    private int count;

    private record Run(long position, FramePart part) {}

    private Leftovers(List<PackSummary> packs) {
        this.packs = packs;
        this.ids = packs.stream().map(PackSummary::id).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Looks at the packs that no backup needs.
     *
     * @param shared told of what they hold, so that it is found for other files too
     */
    static Leftovers of(
            List<PackSummary> packs,
            PackContentsCache contents,
            SharedRuns shared,
            ContentHasher hasher,
            ProgressListener progress) {
        Leftovers found = new Leftovers(packs);
        for (PackSummary pack : packs) {
            if (found.count >= MOST_RUNS) {
                break;
            }
            try {
                contents.survey(pack.id(), (frame, known) -> {
                    int offset = 0;
                    for (FrameContents.Part part : known.parts()) {
                        FramePart run = new FramePart(frame, offset, part.length());
                        found.add(part.path(), new Run(part.position(), run));
                        shared.add(RunHash.of(part, hasher), run);
                        offset += part.length();
                    }
                });
            } catch (IOException e) {
                progress.notice("pack " + pack.id() + " of an interrupted backup is of no use: " + e.getMessage());
            }
        }
        found.runs.values().forEach(ofFile -> ofFile.sort(Comparator.comparingLong(Run::position)));
        return found;
    }

    private void add(String path, Run run) {
        runs.computeIfAbsent(path, _ -> new ArrayList<>(1)).add(run);
        count++;
    }

    /** What there is of a stretch of a file. */
    Earlier of(String path, long from, long to) {
        List<Run> ofFile = runs.get(path);
        if (ofFile == null) {
            return Earlier.NOTHING;
        }
        List<Extent> extents = new ArrayList<>();
        long[] positions = new long[ofFile.size()];
        long end = from;
        for (Run run : ofFile) {
            if (run.position >= end && run.position < to) {
                positions[extents.size()] = run.position;
                extents.add(new Extent.Stored(run.part));
                end = run.position + run.part.length();
            }
        }
        return Earlier.of(java.util.Arrays.copyOf(positions, extents.size()), extents);
    }

    /** Notes that bytes of a pack are used, if it is one of these. */
    void use(FramePart part) {
        if (ids.contains(part.frame().pack())) {
            used.add(part.frame().pack());
            savedBytes.addAndGet(part.length());
        }
    }

    /** Says how many bytes did not have to be stored again, if any. */
    void tellSaved(ProgressListener progress) {
        long saved = savedBytes.get();
        if (saved > 0) {
            progress.notice(
                    saved + " bytes that a backup that was interrupted had stored did not have to be stored again");
        }
    }

    /** The packs of which something is used. */
    List<PackSummary> usedPacks() {
        return packs.stream().filter(pack -> used.contains(pack.id())).toList();
    }
}
