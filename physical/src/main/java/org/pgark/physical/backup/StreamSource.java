package org.pgark.physical.backup;

import java.io.IOException;
import java.util.Optional;
import org.pgark.physical.receive.ReplicationException;
import org.pgark.physical.receive.ReplicationSession;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentSize;

/**
 * What a server says of itself over a connection for replication.
 *
 * @param version its server_version without the packager's remark, for example {@code 15.14}
 * @param versionNumber the same as a number, for example 150014
 * @param systemIdentifier of its cluster
 * @param timeline its current one
 * @param position how far its WAL is on disk
 * @param walSegmentSize the size of its segments
 * @param blockSize bytes of a page
 * @param relationSegmentBlocks pages of a relation's file before the next one begins
 * @param pageChecksums whether pages carry checksums
 * @param readOnly whether its transactions can only read: those of a standby always can
 * @param walLevel its wal_level
 * @param archiveMode its archive_mode
 * @param archives whether an archive_command or archive_library is set
 * @param summarizesWal whether it writes WAL summaries
 * @param dataDirectory its data_directory; empty if the role may not know
 */
record StreamSource(
        String version,
        int versionNumber,
        SystemIdentifier systemIdentifier,
        Timeline timeline,
        Lsn position,
        WalSegmentSize walSegmentSize,
        int blockSize,
        int relationSegmentBlocks,
        boolean pageChecksums,
        boolean readOnly,
        String walLevel,
        String archiveMode,
        boolean archives,
        boolean summarizesWal,
        Optional<String> dataDirectory) {
    private static final int ARCHIVE_LIBRARY = 150_000;
    private static final int SUMMARIES = 170_000;

    static StreamSource ask(ReplicationSession session) throws IOException {
        ReplicationSession.SystemIdentity system = session.identifySystem();
        int number = session.connection().serverVersion();
        int blockSize = Integer.parseInt(show(session, "block_size"));
        String command = show(session, "archive_command");
        boolean archives = !(command.isEmpty() || command.equals("(disabled)"))
                || (number >= ARCHIVE_LIBRARY
                        && !show(session, "archive_library").isEmpty());
        return new StreamSource(
                session.connection().parameter("server_version").orElse("").replaceFirst(" .*", ""),
                number,
                SystemIdentifier.parse(system.identifier()),
                new Timeline(system.timeline()),
                system.position(),
                new WalSegmentSize(session.walSegmentSize()),
                blockSize,
                (int) (bytes(show(session, "segment_size")) / blockSize),
                show(session, "data_checksums").equals("on"),
                show(session, "transaction_read_only").equals("on"),
                show(session, "wal_level"),
                show(session, "archive_mode"),
                archives,
                number >= SUMMARIES && show(session, "summarize_wal").equals("on"),
                optional(session, "data_directory"));
    }

    PostgresMajor major() throws IOException {
        try {
            return PostgresMajor.of(versionNumber / 10_000);
        } catch (IllegalArgumentException e) {
            throw new IOException("incompatible server version " + version, e);
        }
    }

    private static String show(ReplicationSession session, String setting) throws IOException {
        return session.show(setting, setting);
    }

    private static Optional<String> optional(ReplicationSession session, String setting) throws IOException {
        try {
            return Optional.of(show(session, setting));
        } catch (ReplicationException e) {
            if (session.connection().isClosed()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** A size with its unit, as the server shows it. */
    private static long bytes(String text) throws IOException {
        int unit = 0;
        while (unit < text.length() && Character.isDigit(text.charAt(unit))) {
            unit++;
        }
        int shift = switch (text.substring(unit)) {
            case "B" -> 0;
            case "kB" -> 10;
            case "MB" -> 20;
            case "GB" -> 30;
            case "TB" -> 40;
            default -> throw new IOException("server shows \"" + text + "\" as a size");
        };
        return Long.parseLong(text.substring(0, unit)) << shift;
    }
}
