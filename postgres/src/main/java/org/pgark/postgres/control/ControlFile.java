package org.pgark.postgres.control;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.pgark.postgres.DamagedFileException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentSize;

/**
 * The content of {@code global/pg_control}.
 *
 * @param systemIdentifier which cluster this is
 * @param major the version whose files these are
 * @param state what the server last wrote of its state
 * @param modified when the file was last written, in whole seconds
 * @param checkpoint the position of the latest checkpoint's record
 * @param redo where recovery from that checkpoint begins
 * @param timeline the timeline of that checkpoint
 * @param previousTimeline the timeline before it, the same unless the checkpoint ended a recovery
 * @param fullPageWrites whether full_page_writes was on at that checkpoint
 * @param nextTransaction the next transaction's 64-bit id (epoch in the upper half) as of that checkpoint
 * @param checkpointTime when that checkpoint began, in whole seconds
 * @param minimumRecoveryPoint up to where recovery must come before the cluster is consistent, {@link Lsn#ZERO} for none
 * @param minimumRecoveryTimeline the timeline of that position, 0 for none
 * @param backupStart where the backup began that is being recovered, {@link Lsn#ZERO} for none
 * @param backupEnd where a backup of a standby ended, {@link Lsn#ZERO} for none
 * @param backupEndRequired whether recovery must still meet the backup's end record
 * @param walLevel the wal_level the server last ran with
 * @param blockSize bytes of a relation's page
 * @param relationSegmentBlocks pages of a relation's file before the next one begins
 * @param walBlockSize bytes of a WAL page
 * @param walSegmentSize bytes of a WAL segment
 * @param dataChecksumVersion 0 when pages carry no checksums, 1 when they do
 */
public record ControlFile(
        SystemIdentifier systemIdentifier,
        PostgresMajor major,
        ClusterState state,
        Instant modified,
        Lsn checkpoint,
        Lsn redo,
        Timeline timeline,
        Timeline previousTimeline,
        boolean fullPageWrites,
        long nextTransaction,
        Instant checkpointTime,
        Lsn minimumRecoveryPoint,
        int minimumRecoveryTimeline,
        Lsn backupStart,
        Lsn backupEnd,
        boolean backupEndRequired,
        WalLevel walLevel,
        int blockSize,
        int relationSegmentBlocks,
        int walBlockSize,
        WalSegmentSize walSegmentSize,
        int dataChecksumVersion) {
    /** The file's length in bytes. */
    public static final int FILE_BYTES = 8192;

    private static final int READ_ATTEMPTS = 20;
    private static final int READ_PAUSE_MILLIS = 10;

    /** Whether pages of this cluster carry checksums. */
    public boolean hasDataChecksums() {
        return dataChecksumVersion != 0;
    }

    /** The path of the file in a data directory. */
    public static Path in(Path dataDirectory) {
        return dataDirectory.resolve("global").resolve("pg_control");
    }

    /**
     * Reads the file's content.
     *
     * @throws DamagedFileException if its length or CRC is wrong, or if it is of a version that pgark does not know
     */
    public static ControlFile parse(byte[] content) throws DamagedFileException {
        return ControlFileLayout.read(content, "pg_control");
    }

    /**
     * Reads the file of a data directory, whose server may be writing it at the same moment.
     *
     * @throws DamagedFileException if the content stays wrong
     */
    public static ControlFile read(Path dataDirectory) throws IOException {
        return ControlFileLayout.read(
                readConsistent(dataDirectory), in(dataDirectory).toString());
    }

    /**
     * The file's bytes as they are on disk, read anew until their CRC is right.
     *
     * @throws DamagedFileException if the content stays wrong
     */
    public static byte[] readConsistent(Path dataDirectory) throws IOException {
        Path file = in(dataDirectory);
        for (int attempt = 1; ; attempt++) {
            byte[] content = Files.readAllBytes(file);
            try {
                ControlFileLayout.read(content, file.toString());
                return content;
            } catch (DamagedFileException e) {
                if (attempt == READ_ATTEMPTS) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(READ_PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading pg_control");
        }
    }
}
