package org.pgark.physical.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.repository.manifest.FileAttributes;

class FileTargetTest {
    private static final int PAGE = 8192;

    private final ByteBuffer compared = ByteBuffer.allocate(1 << 20);
    private final Ownership ownership = OwnershipOfTests.ofPostgres15();

    @TempDir
    private Path folder;

    @Test
    void zerosAtTheEndAreAHole() throws IOException {
        Path place = folder.resolve("file");
        FileTarget file = open(place, 1 << 26, 0640, false);
        file.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}), compared);
        assertThat(file.zeros(3, (1 << 26) - 3, compared)).isZero();
        file.partDone();

        assertThat(Files.size(place)).isEqualTo(1 << 26);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void onlyPagesThatDifferAreWritten() throws IOException {
        Path place = folder.resolve("file");
        byte[] wanted = new byte[PAGE * 4 + 100];
        Arrays.fill(wanted, (byte) 7);
        byte[] present = wanted.clone();
        present[PAGE * 2 + 5] = 8;
        Files.write(place, present);

        FileTarget file = open(place, wanted.length, 0600, true);
        long written = file.write(0, ByteBuffer.wrap(wanted), compared);
        file.partDone();

        assertThat(written).isEqualTo(PAGE);
        assertThat(place).hasBinaryContent(wanted);
    }

    @Test
    void aFileThatWasLongerOrShorterGetsItsSize() throws IOException {
        byte[] wanted = new byte[PAGE + 100];
        Arrays.fill(wanted, (byte) 7);
        for (int present : new int[] {0, 50, PAGE, PAGE + 100, PAGE * 3}) {
            Path place = folder.resolve("file" + present);
            Files.write(place, new byte[present]);
            FileTarget file = open(place, wanted.length, 0600, true);
            file.write(0, ByteBuffer.wrap(wanted), compared);
            file.partDone();
            assertThat(place).hasBinaryContent(wanted);
        }
    }

    @Test
    void zerosReplaceWhatWasThere() throws IOException {
        Path place = folder.resolve("file");
        byte[] present = new byte[PAGE * 3];
        present[PAGE * 2] = 1;
        Files.write(place, present);

        FileTarget file = open(place, PAGE * 4L, 0600, true);
        assertThat(file.zeros(0, PAGE * 4L, compared)).isEqualTo(PAGE);
        file.partDone();

        assertThat(place).hasBinaryContent(new byte[PAGE * 4]);
    }

    @Test
    void neverWritesThroughALink() throws IOException {
        Path victim = Files.writeString(folder.resolve("victim"), "untouched");
        Path place = Files.createSymbolicLink(folder.resolve("link"), victim);

        assertThatThrownBy(() -> open(place, 3, 0600, false)).isInstanceOf(FileAlreadyExistsException.class);
        FileTarget file = open(place, 3, 0600, true);
        file.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}), compared);
        file.partDone();

        assertThat(victim).hasContent("untouched");
        assertThat(place).isRegularFile().hasBinaryContent(new byte[] {1, 2, 3});
    }

    @Test
    void theLastOfSeveralPartsFinishesAFileThatMayNotBeWritten() throws IOException {
        Path place = folder.resolve("file");
        FileTarget file = open(place, 4, 0400, false);
        file.addPart();
        file.write(2, ByteBuffer.wrap(new byte[] {3, 4}), compared);
        file.partDone();
        file.write(0, ByteBuffer.wrap(new byte[] {1, 2}), compared);
        file.partDone();

        assertThat(place).hasBinaryContent(new byte[] {1, 2, 3, 4});
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
                .isEqualTo("r--------");
    }

    private FileTarget open(Path place, long size, int mode, boolean keep) throws IOException {
        return FileTarget.open(place, size, new FileAttributes(mode, 0, 0, Instant.EPOCH), ownership, keep);
    }
}
