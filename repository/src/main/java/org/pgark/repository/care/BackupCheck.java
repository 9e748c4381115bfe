package org.pgark.repository.care;

import java.time.Instant;

/**
 * What the newest verification of a whole backup, or a sample that found damage in it, said.
 *
 * @param time when
 * @param finding the first damage that was found; empty if there was none
 */
public record BackupCheck(Instant time, String finding) {
    /** Whether no damage was found. */
    public boolean sound() {
        return finding.isEmpty();
    }
}
