package org.pgark.postgres.datadir;

/** What a backup does with a file or directory. */
public enum CopyRule {
    /** It is copied; a directory with what is in it, by the rules for each. */
    COPY,
    /** A plain directory is made in its place; of its content only what has a rule of its own. */
    EMPTY_DIRECTORY,
    /** It is left out, and all that is in it. */
    SKIP
}
