package org.pgark.physical.standby;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.basebackup.ArchiveCompression;
import org.pgark.physical.basebackup.BackupFolders;
import org.pgark.physical.basebackup.BaseBackup;
import org.pgark.physical.basebackup.BaseBackupListener;
import org.pgark.physical.basebackup.BaseBackupRequest;
import org.pgark.physical.basebackup.TablespaceMappings;
import org.pgark.physical.basebackup.WalMethod;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.receive.ReplicationSession;
import org.pgark.physical.systemcall.SyncMethod;
import org.pgark.postgres.wire.NoticeListener;
import org.pgark.postgres.wire.SessionKind;
import org.pgark.postgres.wire.WireConnection;

/** A base backup of the running primary. */
public final class BaseBackupFiles implements StandbyFiles {
    private final TablespaceMappings mappings;
    private final boolean fastCheckpoint;
    private final int maxRate;
    private final ProgressListener progress;

    /** @param maxRate kilobytes a second, 0 for no limit */
    public BaseBackupFiles(
            TablespaceMappings mappings, boolean fastCheckpoint, int maxRate, ProgressListener progress) {
        this.mappings = mappings;
        this.fastCheckpoint = fastCheckpoint;
        this.maxRate = maxRate;
        this.progress = progress;
    }

    @Override
    public String description() {
        return "a base backup of the primary";
    }

    @Override
    public void bring(StandbyRequest request, WireConnection connection, String lines)
            throws IOException, OperationException, InterruptedException {
        BaseBackupRequest backup = new BaseBackupRequest(
                new BaseBackupRequest.Output.Plain(request.directory(), mappings),
                "pgark standby",
                fastCheckpoint,
                maxRate,
                WalMethod.STREAM,
                request.slot()
                        .<BaseBackupRequest.Slot>map(name -> new BaseBackupRequest.Slot.Named(name, false))
                        .orElseGet(BaseBackupRequest.Slot.Temporary::new),
                true,
                true,
                Optional.of(new BaseBackupRequest.ManifestOptions(false, Optional.empty())),
                Optional.empty(),
                ArchiveCompression.NONE,
                Optional.empty(),
                Optional.of(lines.getBytes(StandardCharsets.UTF_8)),
                true,
                Duration.ofSeconds(10),
                SyncMethod.SYNCFS);
        ReplicationSession session = new ReplicationSession(connection);
        boolean groupReads = session.groupAccess();
        BackupFolders folders = new BackupFolders(groupReads);
        Heard heard = new Heard(progress);
        boolean done = false;
        try {
            folders.takeData(request.directory());
            new BaseBackup(
                            connection,
                            () -> WireConnection.open(
                                    request.primary(), SessionKind.PHYSICAL_REPLICATION, NoticeListener.none()),
                            backup,
                            folders,
                            heard)
                    .run(session.walSegmentSize(), groupReads);
            done = true;
        } catch (IOException | RuntimeException | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new FailedException("base_backup_failed", "base backup failed: " + e.getMessage(), "", e);
        } finally {
            if (!done) {
                folders.removeContents(heard);
            }
        }
    }

    /** What a base backup says, as other operations of pgark say it. */
    private static final class Heard implements BaseBackupListener {
        private final ProgressListener progress;
        private long done;

        Heard(ProgressListener progress) {
            this.progress = progress;
        }

        @Override
        public void verbose(String line) {
            // pg_basebackup's own words for its users.
        }

        @Override
        public void info(String line) {
            progress.notice(line);
        }

        @Override
        public void error(String line) {
            progress.warning(line);
        }

        @Override
        public void waitingForCheckpoint() {
            progress.phase("waiting for the primary's checkpoint");
        }

        @Override
        public void expected(long kilobytes, int tablespaces) {
            progress.phase("base backup");
            progress.total(0, kilobytes << 10);
        }

        @Override
        public void file(String path) {
            // Only how much is told.
        }

        @Override
        public void progress(long bytes, int tablespaces, boolean news) {
            progress.advanced(bytes - done);
            done = bytes;
        }

        @Override
        public void received(int tablespaces) {
            progress.phase("waiting for WAL");
        }
    }
}
