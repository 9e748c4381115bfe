package org.pgark.repository.copy;

/** Is told how far a copy is; from several threads. */
public interface CopyProgress {
    /** Nobody wants to know. */
    CopyProgress NONE = new CopyProgress() {
        @Override
        public void total(long objects, long bytes) {}

        @Override
        public void advanced(long bytes) {}
    };

    /** So much is going to be copied. */
    void total(long objects, long bytes);

    /** So much more was copied. */
    void advanced(long bytes);
}
