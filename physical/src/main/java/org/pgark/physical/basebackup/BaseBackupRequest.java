package org.pgark.physical.basebackup;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.pgark.physical.systemcall.SyncMethod;

/**
 * What kind of base backup to take.
 *
 * @param output where to
 * @param label the backup's label
 * @param fastCheckpoint whether the server is to make its checkpoint at once
 * @param maxRate kilobytes a second, 0 for no limit
 * @param walMethod how WAL comes along
 * @param slot for streamed WAL
 * @param verifiesChecksums whether the server verifies pages
 * @param estimatesSize whether the server says beforehand how much it is
 * @param manifest the manifest, if one is wanted
 * @param serverCompression compression by the server, if any
 * @param clientCompression compression of tar archives here
 * @param incrementalFrom the manifest of the backup before
 * @param recoveryConfiguration lines for postgresql.auto.conf that make the backup a standby
 * @param syncs whether everything is made durable at the end
 * @param statusInterval how often the receiver of WAL reports; zero for never
 * @param syncMethod how it is made durable
 */
public record BaseBackupRequest(
        Output output,
        String label,
        boolean fastCheckpoint,
        int maxRate,
        WalMethod walMethod,
        Slot slot,
        boolean verifiesChecksums,
        boolean estimatesSize,
        Optional<ManifestOptions> manifest,
        Optional<ArchiveCompression.Words> serverCompression,
        ArchiveCompression clientCompression,
        Optional<Path> incrementalFrom,
        Optional<byte[]> recoveryConfiguration,
        boolean syncs,
        Duration statusInterval,
        SyncMethod syncMethod) {

    /** Where a backup goes. */
    public sealed interface Output {
        /**
         * A data directory.
         *
         * @param directory an empty directory
         * @param mappings where tablespaces go
         */
        record Plain(Path directory, TablespaceMappings mappings) implements Output {}

        /** Tar archives in a directory. */
        record Tars(Path directory) implements Output {}

        /** One tar archive into a stream. */
        record TarStream(java.io.OutputStream stream) implements Output {}

        /**
         * Wherever the server puts it.
         *
         * @param text {@code TARGET[:DETAIL]}
         */
        record Target(String text) implements Output {}
    }

    /** Which slot keeps the WAL that is streamed. */
    public sealed interface Slot {
        /** None. */
        record None() implements Slot {}

        /** One of its own, which goes with the connection. */
        record Temporary() implements Slot {}

        /**
         * One by name.
         *
         * @param name its name
         * @param created whether it is to be created
         */
        record Named(String name, boolean created) implements Slot {}
    }

    /**
     * Options of the manifest.
     *
     * @param forceEncode whether all names are in hexadecimal
     * @param checksums the algorithm, the server's default if absent
     */
    public record ManifestOptions(boolean forceEncode, Optional<String> checksums) {}

    public BaseBackupRequest {
        if (slot instanceof Slot.Named && walMethod != WalMethod.STREAM) {
            throw new IllegalArgumentException("replication slots can only be used with WAL streaming");
        }
    }

    boolean isTar() {
        return output instanceof Output.Tars || output instanceof Output.TarStream;
    }

    boolean isToStream() {
        return output instanceof Output.TarStream;
    }

    /** The directory of a plain backup or of its archives; none for streams and targets. */
    Optional<Path> directory() {
        return switch (output) {
            case Output.Plain plain -> Optional.of(plain.directory());
            case Output.Tars tars -> Optional.of(tars.directory());
            case Output.TarStream _, Output.Target _ -> Optional.empty();
        };
    }
}
