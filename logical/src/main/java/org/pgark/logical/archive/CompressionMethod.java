package org.pgark.logical.archive;

/** How the data of an archive is compressed; the order is that of the numbers in a head of version 1.15 and newer. */
public enum CompressionMethod {
    NONE("none", ""),
    GZIP("gzip", ".gz"),
    LZ4("lz4", ".lz4"),
    ZSTD("zstd", ".zst");

    private final String label;
    private final String suffix;

    CompressionMethod(String label, String suffix) {
        this.label = label;
        this.suffix = suffix;
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
