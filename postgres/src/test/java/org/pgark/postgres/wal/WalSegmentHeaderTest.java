package org.pgark.postgres.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;

class WalSegmentHeaderTest {
    private static final int BYTES = WalBuilder.SIZE.bytes();

    private final WalBuilder builder = new WalBuilder().onTimeline(2);
    private byte[] segment = new byte[0];
    private WalSegmentName name = builder.name(0);

    @BeforeEach
    void writeASegment() {
        builder.noop(1);
        segment = builder.segment(0);
    }

    private void check(long bytes, SystemIdentifier system, PostgresMajor major, WalSegmentSize size)
            throws WalSegmentMismatchException {
        WalSegmentHeader.read(name, segment).check(name, bytes, system, major, size);
    }

    private void refuses(String problem, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(WalSegmentMismatchException.class)
                .hasMessage("WAL segment \"" + name + "\" " + problem);
    }

    @Test
    void acceptsWhatItsNameSays() throws Exception {
        check(BYTES, WalBuilder.SYSTEM, PostgresMajor.V15, WalBuilder.SIZE);
    }

    @Test
    void acceptsANewTimelinesSegmentThatBeginsWithACopyOfTheOldOne() throws Exception {
        name = WalSegmentName.parse("00000003" + name.toString().substring(8));
        check(BYTES, WalBuilder.SYSTEM, PostgresMajor.V15, WalBuilder.SIZE);
    }

    @Test
    void refusesAnEarlierTimelinesName() {
        name = WalSegmentName.parse("00000001" + name.toString().substring(8));
        refuses(
                "is of timeline 2 by its header, later than its name says",
                () -> check(BYTES, WalBuilder.SYSTEM, PostgresMajor.V15, WalBuilder.SIZE));
    }

    @Test
    void refusesAnotherClustersSegment() {
        refuses(
                "belongs to system identifier 7711000460154126490, not 456",
                () -> check(BYTES, new SystemIdentifier(456), PostgresMajor.V15, WalBuilder.SIZE));
    }

    @Test
    void refusesAnotherVersion() {
        refuses(
                "was written by PostgreSQL 15, not by PostgreSQL 17",
                () -> check(BYTES, WalBuilder.SYSTEM, PostgresMajor.V17, WalBuilder.SIZE));
    }

    @Test
    void refusesAnotherSegmentSize() {
        refuses(
                "says that segments have 1048576 bytes, not 16777216",
                () -> check(BYTES, WalBuilder.SYSTEM, PostgresMajor.V15, WalSegmentSize.DEFAULT));
    }

    @Test
    void refusesTruncatedFiles() {
        refuses(
                "has 1000 bytes instead of 1048576",
                () -> check(1000, WalBuilder.SYSTEM, PostgresMajor.V15, WalBuilder.SIZE));
        segment = Arrays.copyOf(segment, 39);
        refuses("has only 39 bytes", () -> WalSegmentHeader.read(name, segment));
    }

    @Test
    void refusesAnotherPlacesSegment() {
        name = builder.name(1);
        refuses(
                "begins at 0/500000 by its header, not at 0/600000",
                () -> check(BYTES, WalBuilder.SYSTEM, PostgresMajor.V15, WalBuilder.SIZE));
    }

    @Test
    void refusesWhatNoServerWrote() {
        segment[0] = 0x34;
        segment[1] = 0x12;
        refuses(
                "begins with page magic 1234, which no PostgreSQL from 13 to 18 writes",
                () -> WalSegmentHeader.read(name, segment));
    }

    @Test
    void refusesDamagedHeaders() {
        byte[] sound = segment.clone();
        segment[2] = 0;
        refuses("does not begin with the header of a segment", () -> WalSegmentHeader.read(name, segment));
        segment = sound.clone();
        segment[32] = 3;
        refuses(
                "has a damaged header: invalid WAL segment size 1048579, must be a power of two from 1 MiB to 1 GiB",
                () -> WalSegmentHeader.read(name, segment));
        segment = sound.clone();
        segment[36] = 1;
        refuses("has a damaged header: invalid WAL block size 8193", () -> WalSegmentHeader.read(name, segment));
    }

    @Test
    void tellsWhoseItIs() throws Exception {
        WalSegmentHeader header = WalSegmentHeader.read(name, segment);
        assertThat(header.systemIdentifier()).isEqualTo(WalBuilder.SYSTEM);
        assertThat(header.timeline().id()).isEqualTo(2);
        assertThat(header.blockSize()).isEqualTo(WalBuilder.PAGE);
    }
}
