package org.pgark.physical.restore;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.pgark.physical.recovery.RecoveryTarget;
import org.pgark.physical.recovery.TimelineChoice;

/**
 * What to restore, where to, and how recovery goes on from there.
 *
 * @param cluster the cluster's name in the repository
 * @param backup an id or the unambiguous beginning of one; empty for the backup that fits the target best
 * @param target where recovery stops
 * @param timeline along which timeline
 * @param action what the server does at the target
 * @param standby whether the server stays in recovery as a standby
 * @param restoreCommand the {@code restore_command}, complete
 * @param to the data directory to write
 * @param tablespaces new places of tablespaces, by the old ones
 * @param configTo where configuration files go that were outside the data directory; empty to leave them out
 * @param configuredDataDirectory where the configuration says that the cluster lives; empty if it does not say
 * @param archiveMode what becomes of archiving
 * @param existing what becomes of what is there already
 * @param owner who shall own the files, if this process may give files away; empty for the owners in the backup
 * @param jobs how many workers write, 1 or more
 * @param zone how times are printed
 */
public record RestoreRequest(
        String cluster,
        Optional<String> backup,
        RecoveryTarget target,
        TimelineChoice timeline,
        TargetAction action,
        boolean standby,
        String restoreCommand,
        Path to,
        Map<Path, Path> tablespaces,
        Optional<Path> configTo,
        Optional<Path> configuredDataDirectory,
        ArchiveMode archiveMode,
        ExistingFiles existing,
        Optional<OwnerNumbers> owner,
        int jobs,
        ZoneId zone) {
    public RestoreRequest {
        tablespaces = java.util.Collections.unmodifiableMap(new TreeMap<>(tablespaces));
        if (jobs < 1) {
            throw new IllegalArgumentException("invalid number of jobs " + jobs + ", must be 1 or more");
        }
        if (!to.isAbsolute()) {
            throw new IllegalArgumentException("invalid directory \"" + to + "\", must be absolute");
        }
    }

    /** The whole newest cluster with the defaults of the rest: no archiving outside the configured directory, promotion. */
    public static RestoreRequest of(String cluster, Path to, String restoreCommand) {
        return new RestoreRequest(
                cluster,
                Optional.empty(),
                RecoveryTarget.LATEST,
                TimelineChoice.LATEST,
                TargetAction.PROMOTE,
                false,
                restoreCommand,
                to,
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                ArchiveMode.BY_DIRECTORY,
                ExistingFiles.REFUSE,
                Optional.empty(),
                Runtime.getRuntime().availableProcessors(),
                ZoneId.systemDefault());
    }

    /** The same from this backup and no other. */
    public RestoreRequest from(String otherBackup) {
        return new RestoreRequest(
                cluster,
                Optional.of(otherBackup),
                target,
                timeline,
                action,
                standby,
                restoreCommand,
                to,
                tablespaces,
                configTo,
                configuredDataDirectory,
                archiveMode,
                existing,
                owner,
                jobs,
                zone);
    }

    /** The same to another target. */
    public RestoreRequest until(RecoveryTarget other) {
        return new RestoreRequest(
                cluster,
                backup,
                other,
                timeline,
                action,
                standby,
                restoreCommand,
                to,
                tablespaces,
                configTo,
                configuredDataDirectory,
                archiveMode,
                existing,
                owner,
                jobs,
                zone);
    }

    /** The same along another timeline. */
    public RestoreRequest along(TimelineChoice other) {
        return new RestoreRequest(
                cluster,
                backup,
                target,
                other,
                action,
                standby,
                restoreCommand,
                to,
                tablespaces,
                configTo,
                configuredDataDirectory,
                archiveMode,
                existing,
                owner,
                jobs,
                zone);
    }

    /** The same with another action at the target. */
    public RestoreRequest then(TargetAction other) {
        return new RestoreRequest(
                cluster,
                backup,
                target,
                timeline,
                other,
                standby,
                restoreCommand,
                to,
                tablespaces,
                configTo,
                configuredDataDirectory,
                archiveMode,
                existing,
                owner,
                jobs,
                zone);
    }

    /** The same as a standby. */
    public RestoreRequest asStandby() {
        return new RestoreRequest(
                cluster,
                backup,
                target,
                timeline,
                action,
                true,
                restoreCommand,
                to,
                tablespaces,
                configTo,
                configuredDataDirectory,
                archiveMode,
                existing,
                owner,
                jobs,
                zone);
    }

    /** The same to another directory. */
    public RestoreRequest into(Path other) {
        return new RestoreRequest(
                cluster,
                backup,
                target,
                timeline,
                action,
                standby,
                restoreCommand,
                other,
                tablespaces,
                configTo,
                configuredDataDirectory,
                archiveMode,
                existing,
                owner,
                jobs,
                zone);
    }

    /** The same with tablespaces moved, from the old places to the new ones. */
    public RestoreRequest moving(Map<Path, Path> other) {
        return new RestoreRequest(
                cluster,
                backup,
                target,
                timeline,
                action,
                standby,
                restoreCommand,
                to,
                other,
                configTo,
                configuredDataDirectory,
                archiveMode,
                existing,
                owner,
                jobs,
                zone);
    }

    /** The same with external configuration put back into a directory. */
    public RestoreRequest configuringIn(Path directory) {
        return new RestoreRequest(
                cluster,
                backup,
                target,
                timeline,
                action,
                standby,
                restoreCommand,
                to,
                tablespaces,
                Optional.of(directory),
                configuredDataDirectory,
                archiveMode,
                existing,
                owner,
                jobs,
                zone);
    }

    /** The same for a cluster that is configured to live here. */
    public RestoreRequest configuredAt(Path directory) {
        return new RestoreRequest(
                cluster,
                backup,
                target,
                timeline,
                action,
                standby,
                restoreCommand,
                to,
                tablespaces,
                configTo,
                Optional.of(directory),
                archiveMode,
                existing,
                owner,
                jobs,
                zone);
    }

    /** The same with another fate of archiving. */
    public RestoreRequest archiving(ArchiveMode other) {
        return new RestoreRequest(
                cluster,
                backup,
                target,
                timeline,
                action,
                standby,
                restoreCommand,
                to,
                tablespaces,
                configTo,
                configuredDataDirectory,
                other,
                existing,
                owner,
                jobs,
                zone);
    }

    /** The same with another fate of what is there. */
    public RestoreRequest over(ExistingFiles other) {
        return new RestoreRequest(
                cluster,
                backup,
                target,
                timeline,
                action,
                standby,
                restoreCommand,
                to,
                tablespaces,
                configTo,
                configuredDataDirectory,
                archiveMode,
                other,
                owner,
                jobs,
                zone);
    }

    /** The same with files given to this owner. */
    public RestoreRequest ownedBy(OwnerNumbers other) {
        return new RestoreRequest(
                cluster,
                backup,
                target,
                timeline,
                action,
                standby,
                restoreCommand,
                to,
                tablespaces,
                configTo,
                configuredDataDirectory,
                archiveMode,
                existing,
                Optional.of(other),
                jobs,
                zone);
    }

    /** The same with another number of workers. */
    public RestoreRequest withJobs(int other) {
        return new RestoreRequest(
                cluster,
                backup,
                target,
                timeline,
                action,
                standby,
                restoreCommand,
                to,
                tablespaces,
                configTo,
                configuredDataDirectory,
                archiveMode,
                existing,
                owner,
                other,
                zone);
    }

    /** The same with times printed for this zone. */
    public RestoreRequest in(ZoneId other) {
        return new RestoreRequest(
                cluster,
                backup,
                target,
                timeline,
                action,
                standby,
                restoreCommand,
                to,
                tablespaces,
                configTo,
                configuredDataDirectory,
                archiveMode,
                existing,
                owner,
                jobs,
                other);
    }
}
