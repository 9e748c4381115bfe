package org.pgark.physical.restore;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.pgark.physical.recovery.RecoveryTarget;
import org.pgark.physical.recovery.TimelineChoice;

/**
 * What to restore, where to, and how recovery goes on from there. Never changes: what would change it returns another one.
 *
 * <p>Each part is one field with its default, beside the method that reads it and the one that chooses something else.
 */
public final class RestoreRequest implements Cloneable {
    private final String cluster;
    private final String restoreCommand;
    private Path to;

    private RestoreRequest(String cluster, Path to, String restoreCommand) {
        this.cluster = cluster;
        this.to = absolute(to);
        this.restoreCommand = restoreCommand;
    }

    /** The whole newest cluster with the defaults of the rest: no archiving outside the configured directory, promotion. */
    public static RestoreRequest of(String cluster, Path to, String restoreCommand) {
        return new RestoreRequest(cluster, to, restoreCommand);
    }

    private static Path absolute(Path directory) {
        if (!directory.isAbsolute()) {
            throw new IllegalArgumentException("invalid directory \"" + directory + "\", must be absolute");
        }
        return directory;
    }

    private RestoreRequest with(Consumer<RestoreRequest> change) {
        try {
            RestoreRequest copy = (RestoreRequest) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The cluster's name in the repository. */
    public String cluster() {
        return cluster;
    }

    /** The {@code restore_command}, complete. */
    public String restoreCommand() {
        return restoreCommand;
    }

    /** The data directory to write, absolute. */
    public Path to() {
        return to;
    }

    /** The same to another directory. */
    public RestoreRequest into(Path other) {
        return with(copy -> copy.to = absolute(other));
    }

    private Optional<String> backup = Optional.empty();

    /** An id or the unambiguous beginning of one; empty for the backup that fits the target best. */
    public Optional<String> backup() {
        return backup;
    }

    /** The same from this backup and no other. */
    public RestoreRequest from(String other) {
        return with(copy -> copy.backup = Optional.of(other));
    }

    private RecoveryTarget target = RecoveryTarget.LATEST;

    /** Where recovery stops. */
    public RecoveryTarget target() {
        return target;
    }

    /** The same to another target. */
    public RestoreRequest until(RecoveryTarget other) {
        return with(copy -> copy.target = other);
    }

    private TimelineChoice timeline = TimelineChoice.LATEST;

    /** Along which timeline. */
    public TimelineChoice timeline() {
        return timeline;
    }

    /** The same along another timeline. */
    public RestoreRequest along(TimelineChoice other) {
        return with(copy -> copy.timeline = other);
    }

    private TargetAction action = TargetAction.PROMOTE;

    /** What the server does at the target. */
    public TargetAction action() {
        return action;
    }

    /** The same with another action at the target. */
    public RestoreRequest then(TargetAction other) {
        return with(copy -> copy.action = other);
    }

    private boolean standby;

    /** Whether the server stays in recovery as a standby. */
    public boolean standby() {
        return standby;
    }

    /** The same as a standby. */
    public RestoreRequest asStandby() {
        return with(copy -> copy.standby = true);
    }

    private Duration walHold = Duration.ofDays(2);

    /**
     * How long the backup and all WAL since stay in the repository after the restore, whatever the rules of retention say,
     * so that the server can recover; zero for no such promise.
     */
    public Duration walHold() {
        return walHold;
    }

    /** The same with another such time. */
    public RestoreRequest holdingWalFor(Duration other) {
        return with(copy -> copy.walHold = other);
    }

    private Map<Path, Path> tablespaces = Map.of();

    /** New places of tablespaces, by the old ones. */
    public Map<Path, Path> tablespaces() {
        return tablespaces;
    }

    /** The same with tablespaces moved, from the old places to the new ones. */
    public RestoreRequest moving(Map<Path, Path> other) {
        return with(copy -> copy.tablespaces = Collections.unmodifiableMap(new TreeMap<>(other)));
    }

    private Optional<Path> configTo = Optional.empty();

    /** Where configuration files go that were outside the data directory; empty to leave them out. */
    public Optional<Path> configTo() {
        return configTo;
    }

    /** The same with external configuration put back into a directory. */
    public RestoreRequest configuringIn(Path directory) {
        return with(copy -> copy.configTo = Optional.of(directory));
    }

    private Optional<Path> configuredDataDirectory = Optional.empty();

    /** Where the configuration says that the cluster lives; empty if it does not say. */
    public Optional<Path> configuredDataDirectory() {
        return configuredDataDirectory;
    }

    /** The same for a cluster that is configured to live here. */
    public RestoreRequest configuredAt(Path directory) {
        return with(copy -> copy.configuredDataDirectory = Optional.of(directory));
    }

    private ArchiveMode archiveMode = ArchiveMode.BY_DIRECTORY;

    /** What becomes of archiving. */
    public ArchiveMode archiveMode() {
        return archiveMode;
    }

    /** The same with another fate of archiving. */
    public RestoreRequest archiving(ArchiveMode other) {
        return with(copy -> copy.archiveMode = other);
    }

    private ExistingFiles existing = ExistingFiles.REFUSE;

    /** What becomes of what is there already. */
    public ExistingFiles existing() {
        return existing;
    }

    /** The same with another fate of what is there. */
    public RestoreRequest over(ExistingFiles other) {
        return with(copy -> copy.existing = other);
    }

    private boolean evenDamaged;

    /** Whether what is there already may be overwritten from a named backup in which damage was found. */
    public boolean evenDamaged() {
        return evenDamaged;
    }

    /** The same even from a backup in which damage was found. */
    public RestoreRequest evenFromDamaged() {
        return with(copy -> copy.evenDamaged = true);
    }

    private boolean withWal;

    /** Whether the WAL that recovery reads is put into {@code pg_wal}, because nobody will be able to fetch it. */
    public boolean withWal() {
        return withWal;
    }

    /** The same with the WAL that recovery reads. */
    public RestoreRequest bringingWal() {
        return with(copy -> copy.withWal = true);
    }

    private Optional<OwnerNumbers> owner = Optional.empty();

    /** Who shall own the files, if this process may give files away; empty for the owners in the backup. */
    public Optional<OwnerNumbers> owner() {
        return owner;
    }

    /** The same with files given to this owner. */
    public RestoreRequest ownedBy(OwnerNumbers other) {
        return with(copy -> copy.owner = Optional.of(other));
    }

    private int jobs = Runtime.getRuntime().availableProcessors();

    /** How many workers write, 1 or more. */
    public int jobs() {
        return jobs;
    }

    /** The same with another number of workers. */
    public RestoreRequest withJobs(int other) {
        if (other < 1) {
            throw new IllegalArgumentException("invalid number of jobs " + other + ", must be 1 or more");
        }
        return with(copy -> copy.jobs = other);
    }

    private ZoneId zone = ZoneId.systemDefault();

    /** How times are printed. */
    public ZoneId zone() {
        return zone;
    }

    /** The same with times printed for this zone. */
    public RestoreRequest in(ZoneId other) {
        return with(copy -> copy.zone = other);
    }
}
