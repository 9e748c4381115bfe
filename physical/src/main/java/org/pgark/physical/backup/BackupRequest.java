package org.pgark.physical.backup;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.pgark.repository.frame.Compression;

/**
 * What a backup is to be made of, and how.
 *
 * @param dataDirectory the configured data directory of the cluster
 * @param jobs how many files or parts of files are read at the same time, 1 or more
 * @param checkpoint how hard the server works on the checkpoint at the start
 * @param compression of new frames
 * @param labels what the user attaches to the backup, by key
 * @param note the user's remark; empty for none
 * @param archiveTimeout how long the needed WAL may take to be archived after the last file is copied
 * @param pgarkVersion which version this is, for the backup's record
 */
public record BackupRequest(
        Path dataDirectory,
        int jobs,
        CheckpointSpeed checkpoint,
        Compression compression,
        Map<String, String> labels,
        String note,
        Duration archiveTimeout,
        String pgarkVersion) {
    /** Time for an archiver that is behind, yet an end for one that is stuck. */
    public static final Duration DEFAULT_ARCHIVE_TIMEOUT = Duration.ofMinutes(10);

    public BackupRequest {
        if (jobs < 1) {
            throw new IllegalArgumentException("invalid number of jobs " + jobs + ", must be 1 or more");
        }
        if (archiveTimeout.isNegative()) {
            throw new IllegalArgumentException("invalid archive timeout " + archiveTimeout);
        }
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /** A backup with the defaults: one job a core but two at least, a fast checkpoint, zstd. */
    public static BackupRequest of(Path dataDirectory, String pgarkVersion) {
        return new BackupRequest(
                dataDirectory,
                defaultJobs(),
                CheckpointSpeed.FAST,
                Compression.DEFAULT,
                Map.of(),
                "",
                DEFAULT_ARCHIVE_TIMEOUT,
                pgarkVersion);
    }

    /** One job a core, but two at least, so that one can compress while another waits for the disk. */
    public static int defaultJobs() {
        return Math.max(2, Runtime.getRuntime().availableProcessors());
    }

    /** The same with another number of jobs. */
    public BackupRequest withJobs(int number) {
        return new BackupRequest(
                dataDirectory, number, checkpoint, compression, labels, note, archiveTimeout, pgarkVersion);
    }

    /** The same with another speed of the checkpoint. */
    public BackupRequest withCheckpoint(CheckpointSpeed speed) {
        return new BackupRequest(dataDirectory, jobs, speed, compression, labels, note, archiveTimeout, pgarkVersion);
    }

    /** The same with another compression. */
    public BackupRequest withCompression(Compression other) {
        return new BackupRequest(dataDirectory, jobs, checkpoint, other, labels, note, archiveTimeout, pgarkVersion);
    }

    /** The same with these labels and this remark. */
    public BackupRequest withWords(Map<String, String> newLabels, String newNote) {
        return new BackupRequest(
                dataDirectory, jobs, checkpoint, compression, newLabels, newNote, archiveTimeout, pgarkVersion);
    }

    /** The same with another limit of waiting for the archive. */
    public BackupRequest withArchiveTimeout(Duration timeout) {
        return new BackupRequest(dataDirectory, jobs, checkpoint, compression, labels, note, timeout, pgarkVersion);
    }
}
