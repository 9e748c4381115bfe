package org.pgark.repository.frame;

/** How a frame's bytes are compressed. */
public enum Codec {
    /** Not at all. */
    NONE(0),
    /** Zstandard, one frame of its format. */
    ZSTD(1),
    /** LZ4's block format, without a header. */
    LZ4(2);

    private static final Codec[] BY_CODE = values();

    private final int code;

    Codec(int code) {
        this.code = code;
    }

    /** The number that stands for it in the repository. */
    public int code() {
        return code;
    }

    /** Whether {@code code} stands for a codec. */
    public static boolean isCode(int code) {
        return code >= 0 && code < BY_CODE.length;
    }

    /**
     * The codec that {@code code} stands for.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Codec ofCode(int code) {
        if (!isCode(code)) {
            throw new IllegalArgumentException("invalid codec " + code);
        }
        return BY_CODE[code];
    }
}
