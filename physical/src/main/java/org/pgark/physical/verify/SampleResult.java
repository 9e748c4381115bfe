package org.pgark.physical.verify;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.repository.care.Arc;
import org.pgark.repository.care.CheckReport;
import org.pgark.repository.care.DamagedFrames;
import org.pgark.repository.frame.ObjectId;

/**
 * What was found in a part of all objects.
 *
 * @param arc which part
 * @param asOf the number of the log's last entry when reading began
 * @param packs how many packs were read
 * @param bytes how many bytes they have
 * @param segments how many WAL segments were read
 * @param damages what is damaged
 * @param findings of each backup that needs something of it, the first
 * @param damagedFrames the frames
 * @param sound packs without a fault
 * @param wal what was found in WAL segments
 */
public record SampleResult(
        Arc arc,
        long asOf,
        long packs,
        long bytes,
        int segments,
        List<Damage> damages,
        Map<String, String> findings,
        DamagedFrames damagedFrames,
        List<ObjectId> sound,
        CheckReport.Wal wal) {
    public SampleResult {
        damages = List.copyOf(damages);
        findings = Map.copyOf(findings);
        sound = List.copyOf(sound);
    }

    /** What the log is to remember. */
    public CheckReport report(DamagedFrames known) {
        Collection<ObjectId> before = known.packs().keySet();
        return new CheckReport(
                findings,
                Optional.of(arc),
                asOf,
                damagedFrames,
                sound.stream().filter(before::contains).toList(),
                wal);
    }
}
