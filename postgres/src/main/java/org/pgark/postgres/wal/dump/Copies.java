package org.pgark.postgres.wal.dump;

/** Copies of earlier output, which may reach into what they write. */
final class Copies {
    private Copies() {}

    /** Appends {@code length} bytes from {@code distance} bytes before; returns where the output ends then. */
    static int copyBack(byte[] output, int filled, int distance, int length) {
        if (distance < 1) {
            throw new IndexOutOfBoundsException("a copy of what is not there");
        }
        for (int i = filled; i < filled + length; i++) {
            output[i] = output[i - distance];
        }
        return filled + length;
    }
}
