package org.pgark.physical;

/** Hears how far a long operation is. Called from several threads at once; must return quickly and never throw. */
public interface ProgressListener {
    /** Hears nothing. */
    ProgressListener SILENT = new ProgressListener() {
        @Override
        public void phase(String name) {}

        @Override
        public void total(long files, long bytes) {}

        @Override
        public void advanced(long bytes) {}

        @Override
        public void notice(String message) {}

        @Override
        public void warning(String message) {}
    };

    /** A new phase begins, told in a few words, for example {@code "waiting for WAL"}. */
    void phase(String name);

    /** How much the current phase has to do, as far as is known; no files if they are not counted. */
    void total(long files, long bytes);

    /** So many more bytes are done. */
    void advanced(long bytes);

    /** A fact that the user wants to know, in one line. */
    void notice(String message);

    /** Something is not as it should be, but the operation goes on. */
    void warning(String message);
}
