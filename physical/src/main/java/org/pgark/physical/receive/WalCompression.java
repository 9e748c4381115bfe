package org.pgark.physical.receive;

/**
 * How received segments are compressed.
 *
 * @param method by what
 * @param level the method's own scale; for gzip -1 is its default
 */
public record WalCompression(Method method, int level) {
    /** As they are. */
    public static final WalCompression NONE = new WalCompression(Method.NONE, 0);

    /** The methods; zstd is pgark's addition. */
    public enum Method {
        NONE(""),
        GZIP(".gz"),
        LZ4(".lz4"),
        ZSTD(".zst");

        private final String suffix;

        Method(String suffix) {
            this.suffix = suffix;
        }
    }

    /** What follows a segment's name. */
    public String suffix() {
        return method.suffix;
    }
}
