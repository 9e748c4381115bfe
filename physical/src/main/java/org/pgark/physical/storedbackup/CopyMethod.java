package org.pgark.physical.storedbackup;

/** How whole files come into the output of a combination. */
public enum CopyMethod {
    /** Read and written. */
    COPY(""),
    /** Copied by the kernel, which shares the blocks where the file system can. */
    COPY_FILE_RANGE("copy_file_range"),
    /** Sharing all blocks of the source, or not at all. */
    CLONE("clone"),
    /** Another name of the same file. */
    LINK("link");

    private final String word;

    CopyMethod(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }
}
