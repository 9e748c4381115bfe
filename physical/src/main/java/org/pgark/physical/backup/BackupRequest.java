package org.pgark.physical.backup;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.pgark.repository.frame.Compression;

/**
 * What a backup is to be made of, and how. Never changes: what would change it returns another one.
 *
 * <p>Each part is one field with its default, beside the method that reads it and the one that chooses something else.
 */
public final class BackupRequest implements Cloneable {
    /** Time for an archiver that is behind, yet an end for one that is stuck. */
    public static final Duration DEFAULT_ARCHIVE_TIMEOUT = Duration.ofMinutes(10);

    private final Path dataDirectory;
    private final String pgarkVersion;

    private BackupRequest(Path dataDirectory, String pgarkVersion) {
        this.dataDirectory = dataDirectory;
        this.pgarkVersion = pgarkVersion;
    }

    /** A backup with the defaults: one job a core but two at least, a fast checkpoint, zstd. */
    public static BackupRequest of(Path dataDirectory, String pgarkVersion) {
        return new BackupRequest(dataDirectory, pgarkVersion);
    }

    /** One job a core, but two at least, so that one can compress while another waits for the disk. */
    public static int defaultJobs() {
        return Math.max(2, Runtime.getRuntime().availableProcessors());
    }

    private BackupRequest with(Consumer<BackupRequest> change) {
        try {
            BackupRequest copy = (BackupRequest) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The configured data directory of the cluster. */
    public Path dataDirectory() {
        return dataDirectory;
    }

    /** Which version this is, for the backup's record. */
    public String pgarkVersion() {
        return pgarkVersion;
    }

    private int jobs = defaultJobs();

    /** How many files or parts of files are read at the same time, 1 or more. */
    public int jobs() {
        return jobs;
    }

    /** The same with another number of jobs. */
    public BackupRequest withJobs(int other) {
        if (other < 1) {
            throw new IllegalArgumentException("invalid number of jobs " + other + ", must be 1 or more");
        }
        return with(copy -> copy.jobs = other);
    }

    private CheckpointSpeed checkpoint = CheckpointSpeed.FAST;

    /** How hard the server works on the checkpoint at the start. */
    public CheckpointSpeed checkpoint() {
        return checkpoint;
    }

    /** The same with another speed of the checkpoint. */
    public BackupRequest withCheckpoint(CheckpointSpeed other) {
        return with(copy -> copy.checkpoint = other);
    }

    private Compression compression = Compression.DEFAULT;

    /** Of new frames. */
    public Compression compression() {
        return compression;
    }

    /** The same with another compression. */
    public BackupRequest withCompression(Compression other) {
        return with(copy -> copy.compression = other);
    }

    private Map<String, String> labels = Map.of();

    /** What the user attaches to the backup, by key. */
    public Map<String, String> labels() {
        return labels;
    }

    /** The same with these labels. */
    public BackupRequest withLabels(Map<String, String> other) {
        return with(copy -> copy.labels = Collections.unmodifiableMap(new TreeMap<>(other)));
    }

    private String note = "";

    /** The user's remark; empty for none. */
    public String note() {
        return note;
    }

    /** The same with this remark. */
    public BackupRequest withNote(String other) {
        return with(copy -> copy.note = other);
    }

    private Duration archiveTimeout = DEFAULT_ARCHIVE_TIMEOUT;

    /** How long the needed WAL may take to be archived after the last file is copied. */
    public Duration archiveTimeout() {
        return archiveTimeout;
    }

    /** The same with another limit of waiting for the archive. */
    public BackupRequest withArchiveTimeout(Duration other) {
        if (other.isNegative()) {
            throw new IllegalArgumentException("invalid archive timeout " + other);
        }
        return with(copy -> copy.archiveTimeout = other);
    }

    private boolean full;

    /** Whether nothing is shared with earlier backups: then damage of what they stored does no harm to this one. */
    public boolean full() {
        return full;
    }

    /** The same, sharing nothing or not. */
    public BackupRequest withFull(boolean other) {
        return with(copy -> copy.full = other);
    }

    private int recheck = 30;

    /** One in so many of the pages that count as unchanged is read again all the same, in turn; 0 for none. */
    public int recheck() {
        return recheck;
    }

    /** The same with another share of pages that are read again. */
    public BackupRequest withRecheck(int other) {
        if (other < 0) {
            throw new IllegalArgumentException("invalid share 1/" + other + " of pages to read again");
        }
        return with(copy -> copy.recheck = other);
    }

    private long rate;

    /** How many bytes a second are read at most; 0 for no limit. */
    public long rate() {
        return rate;
    }

    /** The same with another limit of bytes that are read in a second. */
    public BackupRequest withRate(long other) {
        if (other < 0) {
            throw new IllegalArgumentException("invalid limit of " + other + " bytes a second");
        }
        return with(copy -> copy.rate = other);
    }

    private boolean receivedWal;

    /** Whether a receiver brings the WAL into the repository, whatever the server archives. */
    public boolean receivedWal() {
        return receivedWal;
    }

    /** The same for a cluster whose WAL is received. */
    public BackupRequest withReceivedWal(boolean other) {
        return with(copy -> copy.receivedWal = other);
    }

    private boolean readAll;

    /** Whether every page is read and compared with the base, whatever is known of changes. */
    public boolean readAll() {
        return readAll;
    }

    /** The same, reading every page or not. */
    public BackupRequest withReadAll(boolean other) {
        return with(copy -> copy.readAll = other);
    }
}
