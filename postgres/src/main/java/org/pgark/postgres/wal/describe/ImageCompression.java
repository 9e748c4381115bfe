package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;

/** How a page's image in the WAL is compressed. */
public enum ImageCompression {
    NONE(""),
    PGLZ("pglz"),
    LZ4("lz4"),
    ZSTD("zstd");

    private final String word;

    ImageCompression(String word) {
        this.word = word;
    }

    /** PostgreSQL's word for it. */
    public String word() {
        return word;
    }

    /**
     * Reads it from an image's flags.
     *
     * @param flags the image's {@code bimg_info}; up to version 14 a single bit says that it is compressed
     */
    public static ImageCompression of(PostgresMajor major, int flags) {
        if (major.compareTo(PostgresMajor.V15) < 0) {
            return (flags & 0x02) != 0 ? PGLZ : NONE;
        }
        if ((flags & 0x04) != 0) {
            return PGLZ;
        }
        if ((flags & 0x08) != 0) {
            return LZ4;
        }
        return (flags & 0x10) != 0 ? ZSTD : NONE;
    }
}
