package org.pgark.cli;

import java.util.Optional;
import org.pgark.cli.configuration.ClusterConfiguration;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.repository.BackupLock;
import org.pgark.repository.retention.KeepWindow;
import org.pgark.storage.ObjectLock;
import org.pgark.storage.StoreOption;

/**
 * For how long a repository locks what a backup needs, beside how long the recovery window needs it.
 *
 * @param repository the repository's name
 * @param lockDays for how many days at least objects are locked from a backup on
 * @param mode who may lift the lock
 * @param window the recovery window; empty if only a number of backups is kept
 */
record LockCover(String repository, long lockDays, ObjectLock.Mode mode, Optional<KeepWindow> window) {
    /** That of a cluster in its nearest repository; empty if that locks nothing. */
    static Optional<LockCover> of(ClusterConfiguration cluster) {
        RepositoryConfiguration repository = cluster.repository();
        return ObjectLock.of(repository.store())
                .map(lock -> new LockCover(
                        repository.name(),
                        lock.period().toDays(),
                        lock.mode(),
                        cluster.keep().window()));
    }

    /** Whether a lock that no later backup renews ends before the window lets go of its backup. */
    boolean isTooShort() {
        return window.map(KeepWindow::mostDays).orElse(0) > lockDays;
    }

    /** How it stands, in words. */
    String describe() {
        String locked = "repository \"" + repository + "\" locks for " + lockDays + " days";
        if (!isTooShort()) {
            return locked + ", " + mode.name().toLowerCase(java.util.Locale.ROOT);
        }
        return locked + ", less than keep.window \"" + window.orElseThrow()
                + "\": when no backup renews its locks, what the window needs is not protected to its end";
    }

    /** What helps if it is too short. */
    String hint() {
        return "Leave " + StoreOption.OBJECT_LOCK_DAYS.key() + " out, or set it to "
                + (window.map(KeepWindow::mostDays).orElse(0) + BackupLock.UNTIL_NEXT_BACKUP.toDays()) + " or more.";
    }
}
