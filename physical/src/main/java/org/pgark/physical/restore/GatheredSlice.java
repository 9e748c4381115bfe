package org.pgark.physical.restore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Gathers the bytes of one slice of a file into pieces that are large enough for the disk. */
final class GatheredSlice {
    private final DirectWrites writes;
    private final FileTarget file;
    private Optional<DirectPiece> current = Optional.empty();

    GatheredSlice(DirectWrites writes, FileTarget file) {
        this.writes = writes;
        this.file = file;
    }

    /** Takes over bytes that belong to an offset of the file; offsets grow from call to call. */
    void write(long offset, ByteBuffer bytes) throws IOException {
        if (current.isPresent() && current.get().end() != offset) {
            handIn();
        }
        long at = offset;
        while (bytes.hasRemaining()) {
            DirectPiece piece;
            if (current.isEmpty()) {
                piece = writes.take();
                piece.begin(file, at);
                current = Optional.of(piece);
            } else {
                piece = current.get();
            }
            piece.put(bytes);
            at = piece.end();
            if (piece.isFull()) {
                handIn();
            }
        }
    }

    private void handIn() {
        current.ifPresent(writes::submit);
        current = Optional.empty();
    }

    /** Hands in the last piece. */
    void end() {
        handIn();
    }
}
