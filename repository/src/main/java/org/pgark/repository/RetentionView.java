package org.pgark.repository;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.repository.care.Care;

/**
 * What a log said at one moment, as far as retention depends on it.
 *
 * @param backups those that exist, in the order of the log
 * @param care what is known of them beyond that
 * @param readers who reads which backup, by its id
 * @param backupRunning the backup that is being taken, in words; empty if none is
 */
public record RetentionView(
        List<BackupRecord> backups, Care care, Map<String, String> readers, Optional<String> backupRunning) {
    public RetentionView {
        backups = List.copyOf(backups);
        readers = Map.copyOf(readers);
    }
}
