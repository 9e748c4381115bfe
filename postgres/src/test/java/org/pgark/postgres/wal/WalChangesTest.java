package org.pgark.postgres.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.control.WalLevel;
import org.pgark.postgres.wal.WalChange.UnknownChange;

class WalChangesTest {
    private static final int XLOG = 0;
    private static final int TRANSACTION = 1;
    private static final int STORAGE = 2;
    private static final int DATABASE = 4;
    private static final int SPECIAL = 1;

    private static final class Told implements WalChangeVisitor {
        private final List<String> blocks = new ArrayList<>();
        private final List<WalChange> changes = new ArrayList<>();
        private final List<Lsn> places = new ArrayList<>();

        @Override
        public void blockChanged(int tablespace, int database, int relation, int fork, int block) {
            blocks.add(
                    tablespace + "/" + database + "/" + relation + " " + fork + " " + Integer.toUnsignedString(block));
        }

        @Override
        public void changed(Lsn at, WalChange change) {
            places.add(at);
            changes.add(change);
        }
    }

    private static Told tell(PostgresMajor major, WalBuilder builder) {
        Told told = new Told();
        WalChanges changes = new WalChanges(major, 8192, told);
        WalReader reader = new WalReader(WalBuilder.START);
        reader.feed(ByteBuffer.wrap(builder.bytes()));
        while (reader.next()) {
            changes.read(reader.record());
        }
        assertThat(reader.stop()).isInstanceOf(WalStop.Zeroes.class);
        return told;
    }

    private static List<WalChange> changes(PostgresMajor major, int resourceManager, int info, byte[] data) {
        WalBuilder builder = new WalBuilder(major);
        Lsn at = builder.append(resourceManager, info, 700, WalBuilder.main(data));
        Told told = tell(major, builder);
        assertThat(told.places).allMatch(at::equals);
        return told.changes;
    }

    private static byte[] numbers(int... numbers) {
        ByteBuffer data = ByteBuffer.allocate(numbers.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int number : numbers) {
            data.putInt(number);
        }
        return data.array();
    }

    @Test
    void tellsThePagesOfRecordsOfEveryResourceManager() {
        WalBuilder builder = new WalBuilder();
        for (int manager : new int[] {0, 10, 21, 128}) {
            builder.append(manager, manager == 0 ? 0xB0 : 0x10, 0, blocks(manager));
        }
        assertThat(tell(PostgresMajor.V15, builder).blocks)
                .startsWith("1663/5/0 0 7", "1663/5/0 2 4294967294", "1664/0/1262 0 1")
                .hasSize(12);
    }

    private static byte[] blocks(int relation) {
        ByteBuffer body = ByteBuffer.allocate(20 + 8 + 20 + 2).order(ByteOrder.LITTLE_ENDIAN);
        body.put(new byte[] {0, 0x20, 2, 0})
                .putInt(1663)
                .putInt(5)
                .putInt(relation)
                .putInt(7);
        body.put(new byte[] {1, (byte) 0xC2, 0, 0}).putInt(-2);
        body.put(new byte[] {2, 0, 0, 0}).putInt(1664).putInt(0).putInt(1262).putInt(1);
        return body.array();
    }

    @Test
    void tellsForksThatAreMadeAndCut() {
        assertThat(changes(PostgresMajor.V13, STORAGE, 0x11, numbers(1663, 5, 16384, 2)))
                .containsExactly(new WalChange.ForkCreated(1663, 5, 16384, 2));
        assertThat(changes(PostgresMajor.V18, STORAGE, 0x21, numbers(65_344, 1663, 5, 16384, 7)))
                .containsExactly(
                        new WalChange.ForkTruncated(1663, 5, 16384, 0, 65_344),
                        new WalChange.ForkTruncated(1663, 5, 16384, 2, 2),
                        new WalChange.ForkTruncated(1663, 5, 16384, 1, 0));
        assertThat(changes(PostgresMajor.V18, STORAGE, 0x21, numbers(65_343, 1663, 5, 16384, 2)))
                .containsExactly(new WalChange.ForkTruncated(1663, 5, 16384, 2, 1));
    }

    @ParameterizedTest
    @EnumSource(PostgresMajor.class)
    void tellsDatabases(PostgresMajor major) {
        boolean to14 = major.number() < 15;
        assertThat(changes(major, DATABASE, SPECIAL, numbers(16390, 1663, 1, 1663)))
                .containsExactly(new WalChange.DatabaseCreated(1663, 16390, true));
        assertThat(changes(major, DATABASE, (to14 ? 0x10 : 0x20) | SPECIAL, numbers(16390, 2, 1663, 16400)))
                .containsExactly(
                        new WalChange.DatabaseDropped(1663, 16390), new WalChange.DatabaseDropped(16400, 16390));
        assertThat(changes(major, DATABASE, (to14 ? 0x20 : 0x10) | SPECIAL, numbers(16390, 1663)))
                .containsExactly(
                        to14 ? new UnknownChange(DATABASE, 0x21) : new WalChange.DatabaseCreated(1663, 16390, false));
    }

    @Test
    void tellsRelationsThatTransactionsRemove() {
        int[] parts = {1, 1, 0b111, 5, 1663, 2, 701, 702, 2, 1663, 5, 16384, 1664, 0, 1262};
        List<WalChange> both =
                List.of(new WalChange.RelationDropped(1663, 5, 16384), new WalChange.RelationDropped(1664, 0, 1262));
        for (int kind : new int[] {0x80, 0xA0, 0xB0, 0xC0}) {
            assertThat(changes(PostgresMajor.V16, TRANSACTION, kind | SPECIAL, numbers(parts)))
                    .isEqualTo(both);
        }
        assertThat(changes(PostgresMajor.V16, TRANSACTION, 0x90 | SPECIAL, numbers(parts)))
                .containsExactly(new UnknownChange(TRANSACTION, 0x91));
        assertThat(changes(PostgresMajor.V16, TRANSACTION, 0x00, numbers(1, 1))).isEmpty();
        assertThat(changes(PostgresMajor.V16, TRANSACTION, 0x80, numbers(1, 1, 0b1, 5, 1663)))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(PostgresMajor.class)
    void tellsHowMuchIsWritten(PostgresMajor major) {
        assertThat(changes(major, XLOG, 0x60, numbers(100, 8, 10, 0, 64, 0, 0)))
                .containsExactly(new WalChange.WalLevelStated(WalLevel.MINIMAL));
        List<WalChange> shutdown = changes(major, XLOG, 0x00, numbers(0x5000028, 0, 2, 1, 1, 1, 0, 0));
        assertThat(shutdown.subList(0, 2))
                .containsExactly(
                        new WalChange.RedoPoint(),
                        new WalChange.CheckpointDone(new Lsn(0x5000028), new Timeline(2), true));
        List<WalChange> ended = changes(major, XLOG, 0x90, numbers(0, 0, 3, 2, 2, 0));
        assertThat(ended.getFirst()).isEqualTo(new WalChange.RecoveryEnded(new Timeline(3), new Timeline(2)));
        if (major.number() >= 17) {
            assertThat(shutdown.getLast()).isEqualTo(new WalChange.WalLevelStated(WalLevel.REPLICA));
            assertThat(ended.getLast()).isEqualTo(new WalChange.WalLevelStated(WalLevel.LOGICAL));
            assertThat(changes(major, XLOG, 0xE0, numbers(0)))
                    .containsExactly(new WalChange.RedoPoint(), new WalChange.WalLevelStated(WalLevel.MINIMAL));
        } else {
            assertThat(shutdown).hasSize(2);
            assertThat(ended).hasSize(1);
        }
    }

    @Test
    void tellsWhatTookThePlaceOfARecordThatWasCutOff() {
        WalBuilder builder = new WalBuilder();
        Lsn cut = builder.appendAbandoned(20_000);
        Lsn at = builder.overwrite(cut);
        Told told = tell(PostgresMajor.V15, builder);
        assertThat(told.changes).containsExactly(new WalChange.RecordOverwritten(cut));
        assertThat(told.places).containsExactly(at);
    }

    @Test
    void saysThatItDoesNotKnowWhatARecordDoesToFiles() {
        assertThat(changes(PostgresMajor.V15, 10, 0x21, numbers(1))).containsExactly(new UnknownChange(10, 0x21));
        assertThat(changes(PostgresMajor.V15, 200, SPECIAL, numbers(1))).containsExactly(new UnknownChange(200, 1));
        assertThat(changes(PostgresMajor.V15, STORAGE, 0x31, numbers(1, 2, 3, 4)))
                .containsExactly(new UnknownChange(STORAGE, 0x31));
        assertThat(changes(PostgresMajor.V15, STORAGE, 0x11, numbers(1663, 5, 16384)))
                .containsExactly(new UnknownChange(STORAGE, 0x11));
        assertThat(changes(PostgresMajor.V15, STORAGE, 0x11, numbers(1663, 5, 16384, 4)))
                .containsExactly(new UnknownChange(STORAGE, 0x11));
        assertThat(changes(PostgresMajor.V15, DATABASE, 0x21, numbers(16390, 3, 1663)))
                .containsExactly(new UnknownChange(DATABASE, 0x21));
        assertThat(changes(PostgresMajor.V15, TRANSACTION, 0x81, numbers(1, 1, 0b100, 2, 1663, 5, 16384)))
                .containsExactly(new UnknownChange(TRANSACTION, 0x81));
        assertThat(changes(PostgresMajor.V15, XLOG, 0x60, numbers(0, 0, 0, 0, 0, 9)))
                .containsExactly(new UnknownChange(XLOG, 0x60));
    }

    @Test
    void saysThatItDoesNotKnowWhatItDoesNotKeepOfALongRecord() {
        int count = WalRecord.KEPT_BYTES / 12 + 1000;
        WalBuilder builder = new WalBuilder(PostgresMajor.V15, 32 << 20);
        ByteBuffer data = ByteBuffer.allocate(16 + count * 12).order(ByteOrder.LITTLE_ENDIAN);
        data.putLong(1).putInt(0b100).putInt(count);
        builder.append(TRANSACTION, 0x81, 700, WalBuilder.main(data.array()));
        assertThat(tell(PostgresMajor.V15, builder).changes).containsExactly(new UnknownChange(TRANSACTION, 0x81));
    }
}
