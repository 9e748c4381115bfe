package org.pgark.repository.archive;

/**
 * The fixed offsets of a segment at which pieces of it are cut and up to which they are joined: whole multiples of 16 KiB,
 * 512 KiB and 16 MiB. Whoever joins pieces joins all of one slot, so that its end is a place that every receiver passes.
 */
enum PieceSlots {
    SMALL(16 << 10),
    MEDIUM(512 << 10),
    LARGE(16 << 20);

    private final int bytes;

    PieceSlots(int bytes) {
        this.bytes = bytes;
    }

    /** Where the slot begins that an offset is in. */
    int begin(int offset) {
        return offset - offset % bytes;
    }

    /** Where that slot ends. */
    int end(int offset) {
        return begin(offset) + bytes;
    }

    /** How many bytes there are from an offset on before a piece that begins there must end. */
    static int longestFrom(int offset) {
        // In the middle of a small slot the next piece begins at its end, whatever was joined there.
        return (offset % SMALL.bytes == 0 ? MEDIUM : SMALL).end(offset) - offset;
    }
}
