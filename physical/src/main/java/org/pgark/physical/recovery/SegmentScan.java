package org.pgark.physical.recovery;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;
import org.pgark.postgres.wal.WalReader;
import org.pgark.postgres.wal.WalRecord;
import org.pgark.postgres.wal.WalSegmentName;

/** Reads one archived segment record by record, where its facts do not tell enough. */
final class SegmentScan {
    private static final int CHUNK_BYTES = 1 << 20;

    private SegmentScan() {}

    /** The first answer that {@code question} gives for a record that lies wholly in the segment. */
    static <T> Optional<T> first(
            ArchivedWal archive, WalSegmentName segment, Function<? super WalRecord, Optional<T>> question)
            throws IOException {
        WalReader reader = new WalReader(segment.start(archive.segmentSize()));
        byte[] chunk = new byte[CHUNK_BYTES];
        try (InputStream content = archive.open(segment)) {
            for (int read = content.readNBytes(chunk, 0, chunk.length);
                    read > 0 && !reader.hasEnded();
                    read = content.readNBytes(chunk, 0, chunk.length)) {
                reader.feed(ByteBuffer.wrap(chunk, 0, read));
                while (reader.next()) {
                    Optional<T> answer = question.apply(reader.record());
                    if (answer.isPresent()) {
                        return answer;
                    }
                }
            }
        }
        return Optional.empty();
    }
}
