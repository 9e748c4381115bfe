package org.pgark.physical;

import java.io.IOException;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.NoSuchBackupException;
import org.pgark.repository.ReadSession;
import org.pgark.repository.SessionKind;
import org.pgark.storage.NoSuchObjectException;

/**
 * Says in the repository that a backup is being read, so that nothing of it is collected. Where the repository cannot be
 * written, reading goes on without, and fails if the backup is deleted and collected meanwhile.
 */
public final class BackupPin implements AutoCloseable {
    private final AutoCloseable session;
    private final ProgressListener progress;

    private BackupPin(AutoCloseable session, ProgressListener progress) {
        this.session = session;
        this.progress = progress;
    }

    /**
     * Pins a backup.
     *
     * @throws NoSuchBackupException if it was deleted meanwhile
     */
    public static BackupPin of(
            ClusterRepository cluster, SessionKind kind, BackupRecord backup, ProgressListener progress)
            throws IOException {
        try {
            ReadSession session = cluster.beginReading(kind, backup.id());
            return new BackupPin(session, progress);
        } catch (NoSuchBackupException e) {
            throw e;
        } catch (IOException e) {
            progress.warning("backup " + backup.id() + " is read without a note of it in the repository ("
                    + e.getMessage() + "); this fails if it is deleted and collected meanwhile");
            return new BackupPin(() -> {}, progress);
        }
    }

    /** Whether a failure came because the backup was deleted while it was read. */
    public static boolean wasDeleted(ClusterRepository cluster, BackupRecord backup, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NoSuchBackupException) {
                return true;
            }
            if (cause instanceof NoSuchObjectException) {
                return isGone(cluster, backup);
            }
        }
        return false;
    }

    /** Whether the log has the backup no more. */
    public static boolean isGone(ClusterRepository cluster, BackupRecord backup) {
        try {
            return cluster.find(backup.id().value()).isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (Exception e) {
            progress.warning("cannot say in the repository that the backup is not read any more: " + e.getMessage());
        }
    }
}
