package org.pgark.postgres.wal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pgark.postgres.Lsn;

/**
 * Reads a segment as it streams by and collects its facts. One use, not thread-safe.
 *
 * <pre>{@code
 * WalFactsCollector collector = new WalFactsCollector(name);
 * while (channel.read(buffer) > 0) {
 *     collector.feed(buffer.flip());
 *     buffer.clear();
 * }
 * WalFacts facts = collector.finish();
 * }</pre>
 */
public final class WalFactsCollector {
    private final WalSegmentName name;
    private final Consumer<WalRecord> witness;
    private final byte[] firstBytes = new byte[WalSegmentHeader.BYTES];
    private final TransactionCollector transactions = new TransactionCollector();
    private final List<RestorePoint> restorePoints = new ArrayList<>();

    private @Nullable WalSegmentHeader header;
    private @Nullable WalReader reader;
    private long fedBytes;
    private long records;
    private Lsn firstRecord = Lsn.ZERO;

    /** @param name the segment's name, for messages */
    public WalFactsCollector(WalSegmentName name) {
        this(name, record -> {});
    }

    /**
     * Likewise.
     *
     * @param witness is shown every record that begins in the segment and is complete
     */
    public WalFactsCollector(WalSegmentName name, Consumer<WalRecord> witness) {
        this.name = name;
        this.witness = witness;
    }

    /**
     * Takes the next bytes, whatever remains in the buffer, which may be a heap or a direct one.
     *
     * @throws WalSegmentMismatchException if the content's header is not one of a segment of this name
     */
    public void feed(ByteBuffer bytes) throws WalSegmentMismatchException {
        if (reader == null) {
            int size = (int) Math.min(firstBytes.length - fedBytes, bytes.remaining());
            bytes.get(firstBytes, (int) fedBytes, size);
            fedBytes += size;
            if (fedBytes < firstBytes.length) {
                return;
            }
            header = WalSegmentHeader.read(name, firstBytes);
            header.checkName(name);
            reader = new WalReader(header.pageAddress());
            read(reader, header, ByteBuffer.wrap(firstBytes));
        }
        fedBytes += bytes.remaining();
        if (header != null) {
            read(reader, header, bytes);
        }
    }

    private void read(WalReader source, WalSegmentHeader known, ByteBuffer bytes) {
        source.feed(bytes);
        while (source.next()) {
            WalRecord record = source.record();
            if (records == 0) {
                firstRecord = record.start();
            }
            records++;
            witness.accept(record);
            if (record.resourceManager() == ResourceManager.TRANSACTION) {
                transactions.take(record, known.major());
            } else if (record.resourceManager() == ResourceManager.XLOG) {
                RestorePoints.of(record).ifPresent(restorePoints::add);
            }
        }
        bytes.position(bytes.limit());
    }

    /** CRC-32C values of what the segment's boundaries cut, after the whole file was fed. */
    public CutSums cutSums() {
        return reader == null ? new CutSums(0, 0, 0) : reader.cutSums();
    }

    /**
     * The facts, after the whole file was fed.
     *
     * @throws WalSegmentMismatchException if the file was not as long as its header says
     */
    public WalFacts finish() throws WalSegmentMismatchException {
        if (reader == null || header == null) {
            throw WalSegmentHeader.tooShort(name, fedBytes);
        }
        header.checkLength(name, fedBytes);
        return new WalFacts(
                header,
                records,
                firstRecord,
                transactions.facts(),
                restorePoints,
                reader.head(),
                reader.tail(),
                reader.end());
    }
}
