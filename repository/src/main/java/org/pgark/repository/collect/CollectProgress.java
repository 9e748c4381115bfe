package org.pgark.repository.collect;

/** Is told how far collecting is. */
public interface CollectProgress {
    /** A new phase begins. */
    void phase(String name);

    /** How many bytes the phase will go through. */
    void total(long bytes);

    /** So many bytes more are done. */
    void advanced(long bytes);

    /** Tells nobody. */
    CollectProgress SILENT = new CollectProgress() {
        @Override
        public void phase(String name) {}

        @Override
        public void total(long bytes) {}

        @Override
        public void advanced(long bytes) {}
    };
}
