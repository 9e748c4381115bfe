package org.pgark.repository.archive;

import java.io.IOException;

/** Told how far a file is on its way into the archive, by whoever puts it there. */
public interface PutSteps {
    /** Of no interest. */
    PutSteps UNWATCHED = new PutSteps() {
        @Override
        public void nothingThere() {
            // Nobody waits for it.
        }

        @Override
        public void beforeCommit() {
            // It may be seen at once.
        }
    };

    /** The archive has nothing under the file's name so far, so that it will not be refused for other content there. */
    void nothingThere();

    /**
     * The file is about to appear under its name; this may wait.
     *
     * @throws IOException if it must not appear
     */
    void beforeCommit() throws IOException;
}
