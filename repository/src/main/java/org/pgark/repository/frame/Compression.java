package org.pgark.repository.frame;

import java.util.Locale;

/**
 * What new frames are compressed with. A frame that does not shrink is kept as it is.
 *
 * @param codec the codec to try
 * @param level Zstandard's level, 1 to 19; 0 for the other codecs, which have none
 */
public record Compression(Codec codec, int level) {
    /** Zstandard at level 3. */
    public static final Compression DEFAULT = new Compression(Codec.ZSTD, 3);

    /** No compression. */
    public static final Compression NONE = new Compression(Codec.NONE, 0);

    /** LZ4. */
    public static final Compression LZ4 = new Compression(Codec.LZ4, 0);

    public Compression {
        if (codec == Codec.ZSTD ? level < 1 || level > 19 : level != 0) {
            throw new IllegalArgumentException("invalid level " + level + " of compression \""
                    + codec.name().toLowerCase(Locale.ROOT) + "\"");
        }
    }

    /**
     * Reads {@code none}, {@code lz4}, {@code zstd} or {@code zstd:<level>}.
     *
     * @throws IllegalArgumentException if the text is none of these
     */
    public static Compression parse(String text) {
        return switch (text) {
            case "none" -> NONE;
            case "lz4" -> LZ4;
            case "zstd" -> DEFAULT;
            default -> {
                if (!text.matches("zstd:([1-9]|1[0-9])")) {
                    throw new IllegalArgumentException("invalid compression \"" + text
                            + "\", must be none, lz4, zstd or zstd:LEVEL with a level from 1 to 19");
                }
                yield new Compression(Codec.ZSTD, Integer.parseInt(text, 5, text.length(), 10));
            }
        };
    }

    @Override
    public String toString() {
        String name = codec.name().toLowerCase(Locale.ROOT);
        return codec == Codec.ZSTD ? name + ":" + level : name;
    }
}
