package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.archive.WalArchive;
import org.pgark.repository.archive.WalSource;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;

class OwnWalTest {
    private static final WalSegmentName SEGMENT = WalSegmentName.parse("000000020000000000000007");

    private final WalArchive archive = new WalArchive(
            FramedObjects.unsealed(new MemoryStore()),
            new ObjectName("wal"),
            Compression.LZ4,
            InstantSource.system(),
            new Random(1),
            () -> {});

    @TempDir
    private Path data;

    private Path file;
    private Path status;

    @BeforeEach
    void makeSegment() throws IOException {
        status = Files.createDirectories(data.resolve("pg_wal/archive_status"));
        file = Files.write(data.resolve("pg_wal").resolve(SEGMENT.toString()), new byte[] {1, 2, 3});
        Files.createFile(status.resolve(SEGMENT + ".ready"));
    }

    private void archive(byte... content) throws IOException {
        Path pushed = Files.write(data.resolve("pushed"), content);
        archive.put(new WalFileName.Segment(SEGMENT), new WalSource() {
            @Override
            public ReadableByteChannel open() throws IOException {
                return FileChannel.open(pushed);
            }

            @Override
            public byte[] facts() {
                return new byte[0];
            }
        });
    }

    private boolean isArchived() throws Exception {
        return new OwnWal(archive, data).isArchived(SEGMENT);
    }

    @Test
    void takesItsOwnSegment() throws Exception {
        assertThat(isArchived()).isFalse();
        archive((byte) 1, (byte) 2, (byte) 3);
        assertThat(isArchived()).isTrue();
    }

    @Test
    void failsAtOnceWhereAnotherServerArchivedOtherContentUnderTheName() throws Exception {
        archive((byte) 1, (byte) 2, (byte) 4);

        assertThatThrownBy(this::isArchived)
                .isInstanceOfSatisfying(
                        FailedException.class,
                        failure -> assertThat(failure.code()).isEqualTo("wal_content_differs"))
                .hasMessage("WAL segment " + SEGMENT + " in the archive has other content than the server's \"" + file
                        + "\"");
    }

    @Test
    void failsEvenWhereAnArchiveCommandOfTheServerSucceeded() throws Exception {
        archive((byte) 1, (byte) 2, (byte) 4);
        Files.move(status.resolve(SEGMENT + ".ready"), status.resolve(SEGMENT + ".done"));

        assertThatThrownBy(this::isArchived).isInstanceOf(FailedException.class);
    }

    @Test
    void believesTheServerThatRemovedTheSegment() throws Exception {
        archive((byte) 1, (byte) 2, (byte) 4);
        Files.delete(file);

        assertThat(isArchived()).isTrue();
    }

    @Test
    void comparesOnlyWhatAStandbyHasWritten() throws Exception {
        archive((byte) 1, (byte) 2, (byte) 4);

        assertThat(new OwnWal(archive, data).isArchived(SEGMENT, 2)).isTrue();
        assertThatThrownBy(() -> new OwnWal(archive, data).isArchived(SEGMENT, 3))
                .isInstanceOf(FailedException.class);
    }
}
