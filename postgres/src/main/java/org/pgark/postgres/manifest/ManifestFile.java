package org.pgark.postgres.manifest;

import java.util.HexFormat;

/** A file of a backup, as its manifest has it. */
public final class ManifestFile {
    private final String path;
    private final long size;
    private final ManifestChecksum algorithm;
    private final byte[] checksum;

    /**
     * Describes a file.
     *
     * @param path below the data directory, with slashes
     * @param size in bytes
     * @param algorithm how the checksum was computed
     * @param checksum as long as the algorithm makes it, unless the manifest is wrong
     */
    public ManifestFile(String path, long size, ManifestChecksum algorithm, byte[] checksum) {
        this.path = path;
        this.size = size;
        this.algorithm = algorithm;
        this.checksum = checksum.clone();
    }

    /** Where it is below the data directory. */
    public String path() {
        return path;
    }

    /** Its length in bytes, to be read as unsigned. */
    public long size() {
        return size;
    }

    /** How its checksum was computed. */
    public ManifestChecksum algorithm() {
        return algorithm;
    }

    /** How many bytes its checksum has in the manifest. */
    public int checksumBytes() {
        return checksum.length;
    }

    /** Its checksum. */
    public byte[] checksum() {
        return checksum.clone();
    }

    @Override
    public String toString() {
        return path + " (" + size + " bytes, " + algorithm.word() + " "
                + HexFormat.of().formatHex(checksum) + ")";
    }
}
