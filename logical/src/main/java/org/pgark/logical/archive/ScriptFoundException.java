package org.pgark.logical.archive;

/** What was opened as an archive is a plain script. */
public final class ScriptFoundException extends ArchiveException {
    private static final long serialVersionUID = 1;

    ScriptFoundException() {
        super("input file appears to be a text format dump. Please use psql.");
    }
}
