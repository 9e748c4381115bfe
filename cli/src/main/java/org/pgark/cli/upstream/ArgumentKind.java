package org.pgark.cli.upstream;

/** Whether an option takes an argument. */
enum ArgumentKind {
    NONE,
    REQUIRED,
    /** Only what is attached counts: {@code -xVALUE}, {@code --name=VALUE}. */
    OPTIONAL
}
