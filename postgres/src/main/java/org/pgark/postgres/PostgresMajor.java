package org.pgark.postgres;

import java.util.Arrays;

/** A major version of PostgreSQL that pgark knows, with the numbers by which its files are told apart. */
public enum PostgresMajor {
    V13(13, 1300, 202007201, 0xD106, 288),
    V14(14, 1300, 202107181, 0xD10D, 288),
    V15(15, 1300, 202209061, 0xD110, 288),
    V16(16, 1300, 202307071, 0xD113, 288),
    V17(17, 1700, 202406281, 0xD116, 288),
    V18(18, 1800, 202506291, 0xD118, 292);

    private final int number;
    private final int controlVersion;
    private final int catalogVersion;
    private final int walPageMagic;
    private final int controlCrcOffset;

    PostgresMajor(int number, int controlVersion, int catalogVersion, int walPageMagic, int controlCrcOffset) {
        this.number = number;
        this.controlVersion = controlVersion;
        this.catalogVersion = catalogVersion;
        this.walPageMagic = walPageMagic;
        this.controlCrcOffset = controlCrcOffset;
    }

    /** 13 to 18. */
    public int number() {
        return number;
    }

    /** {@code PG_CONTROL_VERSION} of catalog/pg_control.h. */
    public int controlVersion() {
        return controlVersion;
    }

    /** {@code CATALOG_VERSION_NO} of catalog/catversion.h. */
    public int catalogVersion() {
        return catalogVersion;
    }

    /** {@code XLOG_PAGE_MAGIC} of access/xlog_internal.h. */
    public int walPageMagic() {
        return walPageMagic;
    }

    /** Where the CRC-32C stands in pg_control, in bytes from its start. */
    public int controlCrcOffset() {
        return controlCrcOffset;
    }

    /** The catalogue's folder inside a tablespace, for example {@code PG_15_202209061}. */
    public String tablespaceVersionDirectory() {
        return "PG_" + number + "_" + catalogVersion;
    }

    /**
     * The version with this number.
     *
     * @throws IllegalArgumentException if pgark does not know it
     */
    public static PostgresMajor of(int number) {
        return Arrays.stream(values())
                .filter(major -> major.number == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "unsupported PostgreSQL version " + number + ", must be 13 to 18"));
    }
}
