package org.pgark.cli.replication;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.cli.upstream.OperatingSystemMessage;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramLog;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.cli.upstream.UpstreamProgram;
import org.pgark.physical.basebackup.BackupFolders;
import org.pgark.physical.basebackup.BaseBackup;
import org.pgark.physical.basebackup.BaseBackupException;
import org.pgark.physical.basebackup.BaseBackupRequest;
import org.pgark.physical.receive.ReplicationException;
import org.pgark.physical.receive.ReplicationSession;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.postgres.wire.WireException;

/** {@code pg_basebackup}. */
public final class BaseBackupProgram implements UpstreamProgram {
    private final RepositoryTarget repositories;

    /** @param repositories takes backups whose target is a repository */
    public BaseBackupProgram(RepositoryTarget repositories) {
        this.repositories = repositories;
    }

    @Override
    public String name() {
        return "pg_basebackup";
    }

    @Override
    public String help() {
        return BaseBackupHelp.TEXT;
    }

    @Override
    public int run(ProgramRun run) throws Exception {
        BaseBackupOptions options = new BaseBackupOptions(run);
        options.read();
        if (options.repository().isPresent()) {
            return intoRepository(run, options, options.repository().get());
        }
        BackupProgress progress = new BackupProgress(run.log(), options.showsProgress(), options.isVerbose());
        BackupFolders folders;
        boolean damage = false;
        try (WireConnection connection = options.login().open()) {
            BaseBackupRequest request = options.request();
            ReplicationSession session = new ReplicationSession(connection);
            boolean groupReads = session.groupAccess();
            folders = new BackupFolders(groupReads);
            try {
                take(options, session, request, folders, progress, groupReads);
                return 0;
            } catch (BaseBackupException e) {
                damage = e.isDamage();
                explain(e, run.log());
            } catch (ReplicationException | WireException | ProgramException e) {
                run.log().error(String.valueOf(e.getMessage()));
            } catch (IOException e) {
                run.log().error(OperatingSystemMessage.of(e));
            }
        } catch (ReplicationException e) {
            throw new ProgramException(String.valueOf(e.getMessage()));
        }
        if (options.cleans() && !damage) {
            folders.removeContents(progress);
        } else {
            folders.leaveContents(progress, damage);
        }
        return 1;
    }

    private int intoRepository(ProgramRun run, BaseBackupOptions options, String target) throws Exception {
        RepositoryTarget.Wanted wanted = options.wantedInRepository();
        RepositoryTarget.Found found = repositories.find(run, target);
        List<String> words = new ArrayList<>(List.of(name()));
        words.addAll(run.arguments());
        found.becomeOwner(words);
        SystemIdentifier system;
        // Enters once, so that a password that has to be asked for is known to all connections.
        try (WireConnection connection = options.login().open()) {
            system = SystemIdentifier.parse(
                    new ReplicationSession(connection).identifySystem().identifier());
        } catch (ReplicationException e) {
            throw new ProgramException(String.valueOf(e.getMessage()));
        }
        return found.take(
                run, wanted, new RepositoryTarget.Server(options.login().anySettings(), system));
    }

    private static void take(
            BaseBackupOptions options,
            ReplicationSession session,
            BaseBackupRequest request,
            BackupFolders folders,
            BackupProgress progress,
            boolean groupReads)
            throws Exception {
        if (options.directory().isPresent()) {
            folders.takeData(options.directory().get());
        }
        int segmentSize = session.walSegmentSize();
        Optional<Path> wal = options.walDirectory();
        if (wal.isPresent()) {
            folders.takeWal(wal.get(), options.directory().orElseThrow().resolve("pg_wal"));
        }
        new BaseBackup(session.connection(), options.login()::open, request, folders, progress)
                .run(segmentSize, groupReads);
    }

    private static void explain(BaseBackupException e, ProgramLog log) {
        log.error(String.valueOf(e.getMessage()));
        e.details().forEach(line -> log.line(ProgramLog.Level.ERROR, ProgramLog.Part.DETAIL, line));
        if (!e.hint().isEmpty()) {
            log.line(ProgramLog.Level.ERROR, ProgramLog.Part.HINT, e.hint());
        }
    }
}
