package org.pgark.logical.archive;

/** How the data of an archive is compressed. */
public enum CompressionMethod {
    NONE(0, "none", ""),
    GZIP(1, "gzip", ".gz"),
    LZ4(2, "lz4", ".lz4"),
    ZSTD(3, "zstd", ".zst");

    private final int number;
    private final String label;
    private final String suffix;

    CompressionMethod(int number, String label, String suffix) {
        this.number = number;
        this.label = label;
        this.suffix = suffix;
    }

    /** The number in a head of version 1.15 and newer. */
    int number() {
        return number;
    }

    static CompressionMethod of(int number) throws ArchiveException {
        for (CompressionMethod method : values()) {
            if (method.number == number) {
                return method;
            }
        }
        throw new ArchiveException("unrecognized compression method (" + number + ") in file header");
    }

    /** The name in options and lists. */
    public String label() {
        return label;
    }

    /** What a file's name ends with. */
    String suffix() {
        return suffix;
    }
}
