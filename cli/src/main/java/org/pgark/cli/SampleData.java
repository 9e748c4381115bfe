package org.pgark.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;

/** As much of a data directory, made without a server, as the archive worker needs: pg_control, and WAL that is ready. */
final class SampleData {
    /** Of the cluster that it is the data directory of. */
    static final SystemIdentifier SYSTEM = new SystemIdentifier(7_000_000_000_000_000_000L);

    static final PostgresMajor MAJOR = PostgresMajor.V18;
    private static final int PAGE = 8192;
    private static final int SEGMENT = WalSegmentSize.DEFAULT.bytes();
    private static final Lsn START = new Lsn(SEGMENT);
    private static final int RECORD_HEADER = 24;
    private static final int TRANSACTION = 1;
    private static final int HEAP = 10;

    private final Random random = new Random(1);
    private final ByteBuffer wal;
    private long previous;

    private SampleData(int segments) {
        wal = ByteBuffer.allocate(segments * SEGMENT).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Makes it and names the segments, all of them marked as ready. */
    static List<String> make(Path folder, int segments) throws IOException {
        Files.createDirectories(folder.resolve("global"));
        Path marks = Files.createDirectories(folder.resolve("pg_wal/archive_status"));
        Files.write(folder.resolve("global/pg_control"), controlFile());
        byte[] content = new SampleData(segments).wal();
        List<String> names = new ArrayList<>();
        for (int number = 0; number < segments; number++) {
            String name = WalSegmentName.containing(
                            Timeline.FIRST, START.plus((long) number * SEGMENT), WalSegmentSize.DEFAULT)
                    .toString();
            try (var file = Files.newOutputStream(folder.resolve("pg_wal").resolve(name))) {
                file.write(content, number * SEGMENT, SEGMENT);
            }
            Files.createFile(marks.resolve(name + ".ready"));
            names.add(name);
        }
        return names;
    }

    /** Its pg_control. */
    static byte[] controlFile() {
        ByteBuffer control = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
        control.putLong(0, SYSTEM.value())
                .putInt(8, MAJOR.controlVersion())
                .putInt(12, MAJOR.catalogVersion())
                .putInt(48, 1)
                .putInt(52, 1)
                .putInt(216, PAGE)
                .putInt(220, 131072)
                .putInt(224, PAGE)
                .putInt(228, SEGMENT);
        control.putInt(MAJOR.controlCrcOffset(), crc(control.array(), 0, MAJOR.controlCrcOffset(), 0, 0));
        return control.array();
    }

    private static int crc(byte[] bytes, int offset, int length, int otherOffset, int otherLength) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        crc.update(bytes, otherOffset, otherLength);
        return (int) crc.getValue();
    }

    /** Transactions of an insertion and a commit, to the last page, which is left empty. */
    private byte[] wal() {
        int transaction = 1000;
        while (wal.position() < wal.capacity() - PAGE) {
            append(HEAP, transaction, insertion());
            append(TRANSACTION, transaction, commit(transaction));
            transaction++;
        }
        return wal.array();
    }

    private byte[] insertion() {
        byte[] row = new byte[60 + random.nextInt(100)];
        for (int index = 0; index < row.length; index++) {
            row[index] = (byte) (index % 4 == 0 ? random.nextInt(64) : index);
        }
        ByteBuffer body = ByteBuffer.allocate(25 + row.length).order(ByteOrder.LITTLE_ENDIAN);
        body.put((byte) 0).put((byte) 0x20).putShort((short) row.length);
        body.putInt(1663).putInt(5).putInt(16384).putInt(random.nextInt(100_000));
        body.put((byte) 255).put((byte) 3);
        return body.put(row).put(new byte[3]).array();
    }

    private static byte[] commit(int transaction) {
        ByteBuffer body = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
        return body.put((byte) 255)
                .put((byte) 8)
                .putLong(800_000_000_000_000L + transaction)
                .array();
    }

    private void append(int resourceManager, int transaction, byte[] body) {
        ByteBuffer record = ByteBuffer.allocate(RECORD_HEADER + body.length).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(record.capacity()).putInt(transaction).putLong(previous);
        record.put((byte) 0).put((byte) resourceManager).putShort((short) 0).putInt(0);
        record.put(body);
        record.putInt(20, crc(record.array(), RECORD_HEADER, body.length, 0, 20));
        record.flip();
        beginPage(0);
        previous = START.value() + wal.position();
        while (record.hasRemaining()) {
            beginPage(record.remaining());
            int part = Math.min(record.remaining(), PAGE - wal.position() % PAGE);
            wal.put(record.array(), record.position(), part);
            record.position(record.position() + part);
        }
        wal.position((wal.position() + 7) & ~7);
    }

    private void beginPage(int continued) {
        int position = wal.position();
        if (position % PAGE != 0) {
            return;
        }
        boolean segmentStart = position % SEGMENT == 0;
        wal.putShort((short) MAJOR.walPageMagic());
        wal.putShort((short) ((continued > 0 ? 1 : 0) | (segmentStart ? 2 : 0)));
        wal.putInt(1).putLong(START.value() + position).putInt(continued).putInt(0);
        if (segmentStart) {
            wal.putLong(SYSTEM.value()).putInt(SEGMENT).putInt(PAGE);
        }
    }
}
