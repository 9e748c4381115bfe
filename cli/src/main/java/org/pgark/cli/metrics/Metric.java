package org.pgark.cli.metrics;

import java.util.Locale;

/** Everything that is measured. The name in the text is that of the constant, in lower case and after {@code pgark_}. */
public enum Metric {
    REPOSITORY_UP("1 if the repository answered, 0 if not"),
    CLUSTER_REGISTERED("1 if the repository knows the cluster, 0 if not"),
    BACKUPS("backups that are kept"),
    DAMAGED_BACKUPS("backups in which damage was found"),
    OLDEST_BACKUP_TIMESTAMP_SECONDS("when the oldest backup was consistent"),
    LAST_BACKUP_TIMESTAMP_SECONDS("when the newest backup was consistent"),
    LAST_BACKUP_DURATION_SECONDS("how long the server was in the newest backup"),
    LAST_BACKUP_SIZE_BYTES("size of the newest backup's files"),
    LAST_BACKUP_STORED_BYTES("what the newest backup added to the repository"),
    LAST_BACKUP_DAMAGED_PAGES("pages with a wrong checksum in the newest backup"),
    LAST_BACKUP_VERIFIED_RATIO("share of the newest backup that was read back since, 0 to 1"),
    LAST_VERIFICATION_TIMESTAMP_SECONDS("when a backup, or a sample, was read back last"),
    RECOVERY_WINDOW_BEGIN_TIMESTAMP_SECONDS("from when on the cluster can be restored to any instant"),
    RECOVERY_WINDOW_END_TIMESTAMP_SECONDS("when the last transaction ended that can be restored"),
    WAL_LAST_ARCHIVED_TIMESTAMP_SECONDS("when the newest segment was archived"),
    WAL_MISSING_SEGMENTS("segments that are missing between others that are there"),
    WAL_DAMAGED_SEGMENTS("segments in which damage was found"),
    WAL_BEHIND_SEGMENTS("segments that other repositories have and this one needs"),

    WAL_WAITING_FILES("files of pg_wal that wait to be archived"),
    WAL_WAITING_BYTES("size of the files of pg_wal that wait to be archived"),
    WAL_WAITING_SINCE_TIMESTAMP_SECONDS("since when the oldest file of pg_wal has been waiting to be archived"),
    WAL_WAITING_LIMIT_BYTES("archive.max-backlog"),
    WAL_WAITING_LIMIT_SECONDS("archive.max-backlog-age"),
    WAL_WAITING_LIMIT_REACHED("1 if more waits than may, 0 if not"),
    WAL_LET_GO_FILES("files that the server was told to remove at the limit of what may wait"),
    WAL_GIVEN_UP_FILES("those of them that no repository had then"),
    WORKER_START_TIMESTAMP_SECONDS("when the last archive worker was started"),
    WORKER_ARCHIVED_FILES_TOTAL("files that the archive worker has archived since it was started"),
    WORKER_FAILURES_TOTAL("how often archiving a file has failed since the archive worker was started"),
    WORKER_REPEATED_REQUESTS_TOTAL("requests to stores that were made again since the archive worker was started"),
    WORKER_LAST_FAILURE_TIMESTAMP_SECONDS("when archiving a file failed last"),

    RECEIVER_DIRECTORY_SEGMENTS("complete segments in the receiver's directory"),
    SERVER_UP("1 if the server answered, 0 if not"),
    SLOT_EXISTS("1 if the server has the receiver's slot, 0 if not"),
    SLOT_ACTIVE("1 if a receiver is connected to the slot, 0 if not"),
    SLOT_KEPT_BYTES("WAL that the server keeps for the slot");

    private static final String COUNTER = "_total";

    private final String help;

    Metric(String help) {
        this.help = help;
    }

    /** Its name, as monitoring knows it. */
    public String text() {
        return "pgark_" + name().toLowerCase(Locale.ROOT);
    }

    String help() {
        return help;
    }

    boolean isCounter() {
        return text().endsWith(COUNTER);
    }

    /** The name without what tells that it is a counter. */
    String base() {
        return isCounter() ? text().substring(0, text().length() - COUNTER.length()) : text();
    }
}
