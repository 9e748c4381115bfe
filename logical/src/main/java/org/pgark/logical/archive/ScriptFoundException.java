package org.pgark.logical.archive;

import java.io.InputStream;

/** What was opened as an archive is a plain script. */
public final class ScriptFoundException extends ArchiveException {
    private static final long serialVersionUID = 1;

    private final transient InputStream script;

    ScriptFoundException(InputStream script) {
        super("input file appears to be a text format dump. Please use psql.");
        this.script = script;
    }

    /** The script from its beginning; who wants it closes it. */
    public InputStream script() {
        return script;
    }
}
