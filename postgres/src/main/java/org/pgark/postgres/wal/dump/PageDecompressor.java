package org.pgark.postgres.wal.dump;

/** Decompresses what one method compressed. */
public interface PageDecompressor {
    /**
     * Decompresses a whole page image.
     *
     * @param size how long it must become
     * @throws DamagedImageException if it does not
     */
    byte[] decompress(byte[] compressed, int size) throws DamagedImageException;

    /** Compressed content that is damaged. */
    final class DamagedImageException extends Exception {
        private static final long serialVersionUID = 1;

        /** What is wrong. */
        public DamagedImageException(String message) {
            super(message);
        }
    }
}
