package org.pgark.repository.care;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.repository.frame.ObjectId;

/**
 * What a verification has to tell the log.
 *
 * @param findings of each backup that was read whole the first damage, or an empty text; of others only damage
 * @param arc the arc of all objects that was read
 * @param damaged frames that could not be read
 * @param mended packs that the log calls damaged and that were read without a fault
 */
public record CheckReport(
        Map<String, String> findings, Optional<Arc> arc, DamagedFrames damaged, List<ObjectId> mended) {
    public CheckReport {
        findings = Map.copyOf(findings);
        mended = List.copyOf(mended);
    }
}
