package org.pgark.repository;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.frame.Codec;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.manifest.StreamRoot;

/** Backup records for tests. */
final class BackupRecords {
    static final SystemIdentifier SYSTEM = SystemIdentifier.parse("7300000000000000001");
    static final WalSegmentSize SEGMENT_SIZE = new WalSegmentSize(1 << 20);

    private BackupRecords() {}

    static StreamRoot root() {
        return new StreamRoot(new FrameAddress(new ObjectId(1, 2), 3, 64, 10, 20, Codec.ZSTD), 5);
    }

    static BackupRecord of(String id, StreamRoot manifest, Optional<StreamRoot> relationNames) {
        return new BackupRecord(
                new BackupId(id),
                new BackupRecord.Basis(Optional.of(new BackupId("20261121T104200Z-abcd")), ChangeSource.WAL, 7),
                Map.of("purpose", "test", "ä", "ö"),
                "before the \"upgrade\"",
                "0.1.0",
                Compression.DEFAULT,
                Instant.parse("2026-11-22T10:42:00.123456Z"),
                Instant.parse("2026-11-22T10:43:00Z"),
                new BackupRecord.WalSpan(
                        Lsn.parse("0/2000028"),
                        Lsn.parse("0/2000028"),
                        Lsn.parse("FFFFFFFF/FFFFFFFF"),
                        new Timeline(1),
                        new Timeline(2),
                        WalSegmentName.parse("000000010000000000000020"),
                        WalSegmentName.parse("0000000200000000000000FF"),
                        SEGMENT_SIZE,
                        Optional.of(WalSegmentName.parse("0000000200000000000000FE")),
                        Optional.of(new BackupRecord.StandbyEnd(
                                Lsn.parse("FFFFFFFF/FFFFFFC0"), Instant.parse("2026-11-22T10:41:00Z")))),
                new BackupRecord.Server(
                        "15.14",
                        PostgresMajor.of(15),
                        SYSTEM,
                        1,
                        true,
                        "db1",
                        "/var/lib/postgresql/15/main",
                        Map.of(105, "postgres", -2, "nobody"),
                        Map.of(113, "postgres"),
                        List.of(new BackupRecord.Tablespace(4_294_967_295L, "fast", "/srv/fast")),
                        Optional.of("/srv/wal")),
                new BackupRecord.Size(1234, 1L << 40, 1L << 38, 7, 2),
                manifest,
                relationNames);
    }
}
