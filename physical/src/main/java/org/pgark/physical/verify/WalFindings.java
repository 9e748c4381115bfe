package org.pgark.physical.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.care.CheckReport;
import org.pgark.repository.care.DamagedWal;
import org.pgark.repository.care.Depth;

/** Gathers what was found in WAL segments of which each object was read. Not for several threads. */
final class WalFindings {
    private final DamagedWal known;
    private final Map<WalSegmentName, DamagedWal.Finding> damaged = new HashMap<>();
    private final List<WalSegmentName> sound = new ArrayList<>();

    /** Beside what the log says so far. */
    WalFindings(DamagedWal known) {
        this.known = known;
    }

    void damaged(WalSegmentName segment, String reason) {
        damaged.put(segment, new DamagedWal.Finding(Depth.OBJECT, reason));
    }

    void sound(WalSegmentName segment) {
        if (known.segments().containsKey(segment)) {
            sound.add(segment);
        }
    }

    CheckReport.Wal report() {
        return new CheckReport.Wal(Depth.OBJECT, new DamagedWal(damaged), sound);
    }
}
