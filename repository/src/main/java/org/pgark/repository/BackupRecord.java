package org.pgark.repository;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.care.Care;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.manifest.StreamRoot;

/**
 * What the log says about one backup.
 *
 * @param id its name
 * @param basis on what it was made
 * @param labels what the user attached to it, by key
 * @param note the user's remark; empty if there is none
 * @param pgarkVersion the version that made it
 * @param compression what new frames were compressed with
 * @param startTime when it began, by the clock of the server
 * @param stopTime when it was consistent, by the clock of the server
 * @param wal which WAL makes it consistent
 * @param server which server it was taken of
 * @param size how large it is
 * @param manifest where its manifest begins
 * @param relationNames where the names of its relations begin, if they were recorded
 */
public record BackupRecord(
        BackupId id,
        Basis basis,
        Map<String, String> labels,
        String note,
        String pgarkVersion,
        Compression compression,
        Instant startTime,
        Instant stopTime,
        WalSpan wal,
        Server server,
        Size size,
        StreamRoot manifest,
        Optional<StreamRoot> relationNames) {
    public BackupRecord {
        labels = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(labels));
    }

    /** The damage that is known in what it needs, its own WAL included; empty if none is. */
    public Optional<String> damageIn(Care care) {
        return care.damageOf(id.value())
                .or(() -> care.damagedWal().segments().entrySet().stream()
                        .filter(one -> wal.needs(one.getKey()))
                        .map(one -> one.getValue().reason())
                        .findFirst());
    }

    /** How it was made. */
    public BackupKind kind() {
        return basis.base().isPresent() ? BackupKind.INCREMENTAL : BackupKind.FULL;
    }

    /**
     * On what a backup was made. It restores by itself whatever becomes of its base.
     *
     * @param base the backup with which it shares content; empty if with none
     * @param changes how it was known what had changed since
     * @param turn which share of the pages was read again though nothing said that they had changed; counts up
     */
    public record Basis(Optional<BackupId> base, ChangeSource changes, int turn) {
        /** That of a backup that shares nothing. */
        public static final Basis NONE = new Basis(Optional.empty(), ChangeSource.READ, 0);
    }

    /**
     * The WAL from the backup's start to its end.
     *
     * @param startLsn where pg_backup_start put the start
     * @param redoLsn from where replay begins
     * @param stopLsn where the backup is consistent
     * @param startTimeline the timeline at the start
     * @param stopTimeline the timeline at the end; another one if the standby that it was taken of followed a promotion
     * @param first the first segment that a restore needs
     * @param last the last segment that a restore needs to be consistent
     * @param segmentSize the size of its segments
     * @param carriedFrom the first of the segments that the backup has among its files itself, which then are all up to
     *     {@code last}, and that one as far as {@code stopLsn}; empty if the archive has them all
     * @param standby how it ends, if the server was a standby
     */
    public record WalSpan(
            Lsn startLsn,
            Lsn redoLsn,
            Lsn stopLsn,
            Timeline startTimeline,
            Timeline stopTimeline,
            WalSegmentName first,
            WalSegmentName last,
            WalSegmentSize segmentSize,
            Optional<WalSegmentName> carriedFrom,
            Optional<StandbyEnd> standby) {
        /** That of a primary, whose WAL is all in the archive. */
        public WalSpan(
                Lsn startLsn,
                Lsn redoLsn,
                Lsn stopLsn,
                Timeline startTimeline,
                Timeline stopTimeline,
                WalSegmentName first,
                WalSegmentName last,
                WalSegmentSize segmentSize) {
            this(
                    startLsn,
                    redoLsn,
                    stopLsn,
                    startTimeline,
                    stopTimeline,
                    first,
                    last,
                    segmentSize,
                    Optional.empty(),
                    Optional.empty());
        }

        /** Whether a segment is one of those that make the backup consistent, on a timeline that it was on. */
        boolean needs(WalSegmentName segment) {
            long number = segment.number(segmentSize);
            return (segment.timeline().equals(startTimeline)
                            || segment.timeline().equals(stopTimeline))
                    && first.number(segmentSize) <= number
                    && number <= last.number(segmentSize);
        }

        /** When the last transaction ended that is sure to be in the backup; empty where the backup's stop time says it. */
        public Optional<Instant> lastCommit() {
            return standby.map(StandbyEnd::lastCommit);
        }

        /** Whether the backup itself has a segment of its timeline, up to its stop. */
        public boolean carries(WalSegmentName segment) {
            return carriedFrom.isPresent()
                    && segment.timeline().equals(stopTimeline)
                    && segment.compareTo(carriedFrom.get()) >= 0
                    && segment.compareTo(last) <= 0;
        }
    }

    /**
     * How the backup of a standby ends, which wrote no WAL of its own and may lag.
     *
     * @param lastRecord where the record begins that ends at the stop, for a recovery that is to end with it
     * @param lastCommit when the last transaction before the stop ended, by the clock of the primary
     */
    public record StandbyEnd(Lsn lastRecord, Instant lastCommit) {}

    /**
     * The server that the backup was taken of.
     *
     * @param version what the server calls its version, for example {@code 15.14}
     * @param major its major version
     * @param systemIdentifier of the cluster
     * @param checksumVersion 0 if pages carry no checksums, else the version of them
     * @param standby whether it was in recovery
     * @param host its name, as the operating system says it
     * @param dataDirectory the absolute path of its data directory
     * @param users names of the users that own files, by number
     * @param groups names of the groups that own files, by number
     * @param tablespaces outside of the data directory
     * @param walDirectory where pg_wal lay, if it was a symbolic link in the data directory
     */
    public record Server(
            String version,
            org.pgark.postgres.PostgresMajor major,
            SystemIdentifier systemIdentifier,
            int checksumVersion,
            boolean standby,
            String host,
            String dataDirectory,
            Map<Integer, String> users,
            Map<Integer, String> groups,
            List<Tablespace> tablespaces,
            Optional<String> walDirectory) {
        public Server {
            users = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(users));
            groups = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(groups));
            tablespaces = List.copyOf(tablespaces);
        }
    }

    /**
     * A tablespace outside of the data directory.
     *
     * @param oid its OID
     * @param name its name
     * @param path the absolute path of its directory
     */
    public record Tablespace(long oid, String name, String path) {}

    /**
     * How large a backup is.
     *
     * @param files how many files it has
     * @param rawBytes the size of its files in bytes
     * @param storedBytes what it added to the repository in bytes, WAL apart
     * @param packs how many packs it needs
     * @param damagedPages how many pages had a wrong checksum
     */
    public record Size(long files, long rawBytes, long storedBytes, int packs, long damagedPages) {}
}
