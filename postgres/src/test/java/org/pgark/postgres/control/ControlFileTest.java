package org.pgark.postgres.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgark.postgres.DamagedFileException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.Timeline;

class ControlFileTest {
    @TempDir
    Path dataDirectory;

    /** Files of running servers of each version. */
    private static byte[] sample(int major) throws IOException {
        String name = "pg_control-" + major + ".hex";
        try (InputStream in = Objects.requireNonNull(ControlFileTest.class.getResourceAsStream(name))) {
            String digits = new String(in.readAllBytes(), StandardCharsets.US_ASCII).replace("\n", "");
            return Arrays.copyOf(HexFormat.of().parseHex(digits), ControlFile.FILE_BYTES);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "13, 7711000416037965488, 0/5000938, 0/5000900, 2026-11-22T14:19:54Z, 3510, 16777216",
        "14, 7711000435744559088, 0/3F00B20, 0/3F00AE8, 2026-11-22T14:19:59Z, 3758, 1048576",
        "15, 7711000460154126490, 0/5000B30, 0/5000AF8, 2026-11-22T14:20:02Z, 3749, 16777216",
        "16, 7711000470980985084, 0/5000B30, 0/5000AF8, 2026-11-22T14:20:04Z, 3756, 16777216",
        "17, 7711000481927983431, 0/8000B50, 0/8000AF8, 2026-11-22T14:20:07Z, 3764, 67108864",
        "18, 7711000496751362583, 0/5000B58, 0/5000B00, 2026-11-22T14:20:12Z, 3778, 16777216"
    })
    void readsTheFilesOfEveryVersion(
            int major, String system, String checkpoint, String redo, Instant time, long nextXid, int segmentBytes)
            throws IOException {
        ControlFile control = ControlFile.parse(sample(major));
        assertThat(control.major()).isEqualTo(PostgresMajor.of(major));
        assertThat(control.systemIdentifier()).isEqualTo(SystemIdentifier.parse(system));
        assertThat(control.state()).isEqualTo(ClusterState.IN_PRODUCTION);
        assertThat(control.checkpoint()).isEqualTo(Lsn.parse(checkpoint));
        assertThat(control.redo()).isEqualTo(Lsn.parse(redo));
        assertThat(control.checkpointTime()).isEqualTo(time);
        assertThat(control.nextTransaction()).isEqualTo(nextXid);
        assertThat(control.walSegmentSize().bytes()).isEqualTo(segmentBytes);
        assertThat(control.timeline()).isEqualTo(Timeline.FIRST);
        assertThat(control.previousTimeline()).isEqualTo(Timeline.FIRST);
        assertThat(control.fullPageWrites()).isTrue();
        assertThat(control.walLevel()).isEqualTo(WalLevel.LOGICAL);
        assertThat(control.blockSize()).isEqualTo(8192);
        assertThat(control.relationSegmentBlocks()).isEqualTo(131072);
        assertThat(control.walBlockSize()).isEqualTo(8192);
        assertThat(control.hasDataChecksums()).isTrue();
        assertThat(control.minimumRecoveryPoint()).isEqualTo(Lsn.ZERO);
        assertThat(control.backupEndRequired()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"13, 287", "13, 288", "18, 291", "18, 256", "15, 0", "15, 100"})
    void noticesAnyChangedByte(int major, int offset) throws IOException {
        byte[] content = sample(major);
        content[offset] ^= 1;
        assertThatThrownBy(() -> ControlFile.parse(content))
                .isInstanceOf(DamagedFileException.class)
                .hasMessage("damaged file \"pg_control\": its CRC is wrong");
    }

    @Test
    void refusesVersionsThatItDoesNotKnow() throws IOException {
        byte[] content = sample(15);
        content[12]++;
        assertThatThrownBy(() -> ControlFile.parse(content))
                .hasMessage("damaged file \"pg_control\": control version 1300 with catalog version 202209062"
                        + " is of no PostgreSQL from 13 to 18");
    }

    @Test
    void refusesFilesOfAnotherLength() {
        assertThatThrownBy(() -> ControlFile.parse(new byte[512]))
                .hasMessage("damaged file \"pg_control\": it has 512 bytes instead of 8192");
    }

    @Test
    void namesTheFileOfTheDataDirectory() throws IOException {
        Path file = dataDirectory.resolve("global/pg_control");
        Files.createDirectories(file.getParent());
        byte[] content = sample(15);
        content[40] ^= 1;
        Files.write(file, content);
        assertThatThrownBy(() -> ControlFile.read(dataDirectory))
                .isInstanceOf(DamagedFileException.class)
                .hasMessage("damaged file \"" + file + "\": its CRC is wrong");
    }

    @Test
    void readsAgainUntilTheServerHasWrittenAllOfIt() throws Exception {
        Path file = dataDirectory.resolve("global/pg_control");
        Files.createDirectories(file.getParent());
        byte[] content = sample(15);
        byte[] torn = content.clone();
        torn[40] ^= 1;
        Files.write(file, torn);
        Thread server = Thread.ofPlatform().start(() -> {
            try {
                Thread.sleep(40);
                Files.write(file, content);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(ControlFile.readConsistent(dataDirectory)).isEqualTo(content);
        server.join();
    }

    @Test
    void tellsWhenThereIsNone() {
        assertThatThrownBy(() -> ControlFile.read(dataDirectory)).isInstanceOf(NoSuchFileException.class);
    }
}
