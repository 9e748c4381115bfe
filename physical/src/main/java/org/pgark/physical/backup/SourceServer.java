package org.pgark.physical.backup;

import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.connection.ServerSession;

/**
 * What the server says of itself before a backup.
 *
 * @param version its server_version without the packager's remark, for example {@code 15.14}
 * @param systemIdentifier of pg_control_system()
 * @param inRecovery whether it is a standby or in recovery
 * @param dataDirectory its data_directory
 * @param walLevel its wal_level
 * @param archiveMode its archive_mode
 * @param archiveCommand its archive_command; empty or {@code (disabled)} where there is none
 * @param archiveLibrary its archive_library, empty before 15
 * @param configurationFiles config_file, hba_file and ident_file
 * @param startTime its pg_postmaster_start_time()
 * @param now its clock
 */
record SourceServer(
        String version,
        SystemIdentifier systemIdentifier,
        boolean inRecovery,
        Path dataDirectory,
        String walLevel,
        String archiveMode,
        String archiveCommand,
        String archiveLibrary,
        List<String> configurationFiles,
        Instant startTime,
        Instant now) {

    private static final String QUESTION = """
            SELECT pg_catalog.current_setting('server_version'),
                   (SELECT system_identifier FROM pg_catalog.pg_control_system()),
                   pg_catalog.pg_is_in_recovery(),
                   pg_catalog.current_setting('data_directory'),
                   pg_catalog.current_setting('wal_level'),
                   pg_catalog.current_setting('archive_mode'),
                   pg_catalog.current_setting('archive_command'),
                   coalesce(pg_catalog.current_setting('archive_library', true), ''),
                   pg_catalog.current_setting('config_file'),
                   pg_catalog.current_setting('hba_file'),
                   pg_catalog.current_setting('ident_file'),
                   pg_catalog.pg_postmaster_start_time(),
                   pg_catalog.clock_timestamp()""";

    SourceServer {
        configurationFiles = List.copyOf(configurationFiles);
    }

    static SourceServer ask(ServerSession session) throws ConnectionException {
        return session.queryList(
                        QUESTION,
                        row -> new SourceServer(
                                row.getString(1).replaceFirst(" .*", ""),
                                // The server shows the number as signed.
                                new SystemIdentifier(row.getLong(2)),
                                row.getBoolean(3),
                                Path.of(row.getString(4)),
                                row.getString(5),
                                row.getString(6),
                                row.getString(7),
                                row.getString(8),
                                List.of(row.getString(9), row.getString(10), row.getString(11)),
                                row.getObject(12, OffsetDateTime.class).toInstant(),
                                row.getObject(13, OffsetDateTime.class).toInstant()))
                .getFirst();
    }

    /** Whether the server hands out finished WAL segments to somebody. */
    boolean archives() {
        return !archiveMode.equals("off")
                && (!archiveLibrary.isEmpty() || !(archiveCommand.isEmpty() || archiveCommand.equals("(disabled)")));
    }
}
