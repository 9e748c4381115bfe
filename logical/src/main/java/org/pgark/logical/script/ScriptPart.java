package org.pgark.logical.script;

/** A piece of a script. */
sealed interface ScriptPart {
    /**
     * SQL up to its semicolon.
     *
     * @param text the bytes, one a character
     */
    record Statement(String text) implements ScriptPart {}

    /**
     * A command of psql.
     *
     * @param name what follows the backslash
     * @param arguments the rest of the line
     */
    record Command(String name, String arguments) implements ScriptPart {}
}
